/* SPDX-License-Identifier: ISC */
#include "tests/emu/linksim/linksim.h"

#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number with a unit is a count of the smallest: of parts in a million, microseconds, … */
struct unit {
	const char *name;
	double factor;
};

static const struct unit parts[] = {{"%", 10000}, {"ppm", 1}, {NULL, 0}};
static const struct unit times[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {NULL, 0}};
static const struct unit rates[] = {{"bit", 0.125}, {"kbit", 125}, {"mbit", 125000}, {NULL, 0}};
static const struct unit sizes[] = {{"", 1}, {"k", 1024}, {"m", 1024 * 1024}, {NULL, 0}};
static const struct unit counts[] = {{"", 1}, {NULL, 0}};

struct option {
	const char *name;
	const struct unit *units;
	double max;
	size_t offset, bytes;
	const char *help;
};

#define OPTION(NAME, UNITS, MAX, FIELD, HELP)                                                      \
	{                                                                                          \
		NAME, UNITS, MAX, offsetof(struct linksim_options, FIELD),                         \
			sizeof(((struct linksim_options *)NULL)->FIELD), HELP                      \
	}

static const struct option options[] = {
	OPTION("loss", parts, 1e6, conditions.loss_ppm, "1%: frames lost"),
	OPTION("good", times, 1e12, conditions.good_us, "2s: mean length of good periods"),
	OPTION("bad", times, 1e12, conditions.bad_us, "50ms: … of bad ones in between"),
	OPTION("bad-loss", parts, 1e6, conditions.bad_loss_ppm, "80%: frames lost in bad periods"),
	OPTION("duplicate", parts, 1e6, conditions.duplicate_ppm, "1%: frames repeated"),
	OPTION("corrupt", parts, 1e6, conditions.corrupt_ppm, "1%: IPv4 packets damaged"),
	OPTION("mark", counts, 1e9, conditions.mark_every, "50: every so many ECT packets"),
	OPTION("reorder", parts, 1e6, conditions.reorder_ppm, "1%: frames held back …"),
	OPTION("reorder-by", times, 1e12, conditions.reorder_us, "5ms: … for up to so long"),
	OPTION("delay", times, 1e12, conditions.delay_us, "50ms: each way"),
	OPTION("jitter", times, 1e12, conditions.jitter_us, "5ms: up to so much more"),
	OPTION("rate", rates, 1e12, conditions.rate_bytes_per_s, "10mbit: a second"),
	OPTION("queue", sizes, 1e9, conditions.queue_bytes, "64k: bytes that wait for the rate"),
	OPTION("mtu", counts, 65535, conditions.mtu, "1400: bytes behind the Ethernet header"),
	OPTION("seed", counts, 1e15, seed, "1: the same chances again"),
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static void usage(void)
{
	fprintf(stderr, "usage: linksim [--OPTION=VALUE …] TAP TAP\n");
	for (unsigned i = 0; i < OPTIONS; i++)
		fprintf(stderr, "    --%s=%s\n", options[i].name, options[i].help);
}

static bool store(struct linksim_options *out, const struct option *o, double value)
{
	uint8_t *at = (uint8_t *)out + o->offset;
	uint64_t whole = (uint64_t)(value + 0.5);
	uint32_t word = (uint32_t)whole;
	uint16_t half = (uint16_t)whole;
	const void *from = o->bytes == sizeof(whole)  ? (const void *)&whole
			   : o->bytes == sizeof(word) ? (const void *)&word
						      : (const void *)&half;
	memcpy(at, from, o->bytes);
	return true;
}

static bool parse_value(const struct option *o, const char *text, struct linksim_options *out)
{
	char *unit;
	errno = 0;
	double value = strtod(text, &unit);
	for (const struct unit *u = o->units; isdigit((unsigned char)*text) && u->name != NULL;
	     u++) {
		if (strcmp(unit, u->name) == 0 && errno == 0 && value * u->factor <= o->max)
			return store(out, o, value * u->factor);
	}
	fprintf(stderr, "linksim: --%s=%s: expected a number as in --%s=%s\n", o->name, text,
		o->name, o->help);
	return false;
}

static bool parse_option(const char *arg, struct linksim_options *out)
{
	const char *value = strchr(arg, '=');
	for (unsigned i = 0; value != NULL && i < OPTIONS; i++) {
		size_t len = strlen(options[i].name);
		if ((size_t)(value - arg) == len && memcmp(arg, options[i].name, len) == 0)
			return parse_value(&options[i], value + 1, out);
	}
	fprintf(stderr, "linksim: --%s is no option\n", arg);
	usage();
	return false;
}

bool linksim_parse(int argc, char **argv, struct linksim_options *out)
{
	unsigned taps = 0;
	*out = (struct linksim_options){.seed = 1};
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0) {
			if (!parse_option(argv[i] + 2, out))
				return false;
			continue;
		}
		if (taps == 2 || argv[i][0] == '\0' || strlen(argv[i]) >= IFNAMSIZ) {
			fprintf(stderr, "linksim: %s: expected the names of two taps\n", argv[i]);
			return false;
		}
		out->taps[taps++] = argv[i];
	}
	if (taps == 2)
		return true;
	fprintf(stderr, "linksim: expected the names of two taps\n");
	usage();
	return false;
}
