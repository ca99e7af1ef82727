/* SPDX-License-Identifier: ISC */
/*
 * The text of a value of each type, in both directions.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"
#include "runtime/args_internal.h"
#include "runtime/log.h"

struct unit {
	const char *name;
	uint64_t factor;
};

/* The first that a text ends with, exactly, counts; printing takes the first that divides. */
static const struct unit plain_units[] = {{"", 1}, {NULL, 0}};
static const struct unit size_units[] = {{"G", 1 << 30}, {"M", 1 << 20}, {"k", 1 << 10},
					 {"K", 1 << 10}, {"", 1},        {NULL, 0}};
static const struct unit duration_units[] = {{"h", 3600ull * US_PER_S},
					     {"min", 60 * US_PER_S},
					     {"s", US_PER_S},
					     {"ms", US_PER_MS},
					     {"us", 1},
					     {NULL, 0}};

static const struct unit *units_of(const struct key *key)
{
	switch (key->type) {
	case KEY_SIZE:
		return size_units;
	case KEY_DURATION:
		return duration_units;
	default:
		return plain_units;
	}
}

/* The digits at the front of `text`; false if there are none or they exceed 64 bits. */
static bool parse_digits(const char **text, uint64_t *n)
{
	const char *at = *text;
	uint64_t value = 0;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (unsigned)(*at - '0'), &value))
			return false;
	}
	bool some = at != *text;
	*text = at;
	*n = value;
	return some;
}

static bool parse_number(const struct unit *units, const char *text, uint64_t *n)
{
	if (!parse_digits(&text, n))
		return false;
	for (; units->name != NULL; units++) {
		if (strcmp(units->name, text) == 0)
			return !__builtin_mul_overflow(*n, units->factor, n);
	}
	return false;
}

void args_format_number(const struct key *key, uint64_t n, char *text, size_t bytes)
{
	const struct unit *u = units_of(key);
	while (u[1].name != NULL && (n == 0 || n % u->factor != 0))
		u++;
	snprintf(text, bytes, "%llu%s", (unsigned long long)(n / u->factor), u->name);
}

void args_limits(const struct key *key, uint64_t *min, uint64_t *max)
{
	*min = key->min;
	*max = key->max;
	if (key->min != 0 || key->max != 0)
		return;
	switch (key->type) {
	case KEY_U16:
		*max = UINT16_MAX;
		break;
	case KEY_U32:
		*max = UINT32_MAX;
		break;
	default:
		*max = UINT64_MAX;
	}
}

uint64_t args_number(const struct key *key)
{
	switch (key->type) {
	case KEY_U16:
		return *(const uint16_t *)key->value;
	case KEY_U32:
		return *(const uint32_t *)key->value;
	default:
		return *(const uint64_t *)key->value;
	}
}

static void store_number(const struct key *key, uint64_t n)
{
	switch (key->type) {
	case KEY_U16:
		*(uint16_t *)key->value = (uint16_t)n;
		break;
	case KEY_U32:
		*(uint32_t *)key->value = (uint32_t)n;
		break;
	default:
		*(uint64_t *)key->value = n;
	}
}

static void expect_number(const struct key *key, char expected[static ARGS_EXPECTED_BYTES])
{
	const char *what = "a number";
	char low[24], high[24];
	uint64_t min, max;

	if (key->type == KEY_SIZE)
		what = "a size such as 64k or 16M";
	else if (key->type == KEY_DURATION)
		what = "a duration such as 10ms or 3s";
	args_limits(key, &min, &max);
	args_format_number(key, min, low, sizeof(low));
	args_format_number(key, max, high, sizeof(high));
	if (max != UINT64_MAX)
		snprintf(expected, ARGS_EXPECTED_BYTES, "%s from %s to %s", what, low, high);
	else if (min != 0)
		snprintf(expected, ARGS_EXPECTED_BYTES, "%s, at least %s", what, low);
	else
		snprintf(expected, ARGS_EXPECTED_BYTES, "%s", what);
}

static enum err parse_and_store_number(const struct key *key, const char *text,
				       char expected[static ARGS_EXPECTED_BYTES])
{
	uint64_t n, min, max;
	enum err e = OK;

	args_limits(key, &min, &max);
	if (!parse_number(units_of(key), text, &n))
		e = ERR_INVALID;
	else if (n < min || n > max)
		e = ERR_RANGE;
	if (e == OK)
		store_number(key, n);
	else
		expect_number(key, expected);
	return e;
}

static enum err parse_ipv4_port(const char *text, struct key_ipv4_port *out)
{
	char address[sizeof("255.255.255.255")];
	const char *colon = strchr(text, ':');
	uint64_t port;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(address))
		return ERR_INVALID;
	memcpy(address, text, (size_t)(colon - text));
	address[colon - text] = '\0';
	struct key_ipv4_port parsed;
	if (inet_parse_v4(address, &parsed.addr) != OK ||
	    !parse_number(plain_units, colon + 1, &port))
		return ERR_INVALID;
	if (port == 0 || port > UINT16_MAX)
		return ERR_RANGE;
	parsed.port = (uint16_t)port;
	*out = parsed;
	return OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Six pairs of digits with colons; the bit that marks a group address must be 0. */
static enum err parse_mac(const char *text, uint8_t out[static 6])
{
	uint8_t mac[6];
	for (unsigned i = 0; i < 6; i++) {
		int high = hex_digit(text[0]);
		int low = high >= 0 ? hex_digit(text[1]) : -1;
		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return ERR_INVALID;
		mac[i] = (uint8_t)(high << 4 | low);
		text += 3;
	}
	if ((mac[0] & 1) != 0)
		return ERR_RANGE;
	memcpy(out, mac, sizeof(mac));
	return OK;
}

static enum err parse_other(const struct key *key, const char *text, const char **expected)
{
	switch (key->type) {
	case KEY_STRING:
		*(const char **)key->value = text;
		return OK;
	case KEY_IPV4:
		*expected = "an address such as 10.0.2.2";
		return inet_parse_v4(text, key->value);
	case KEY_IPV4_PREFIX:
		*expected = "an address and prefix length such as 10.0.2.15/24";
		return inet_parse_v4_prefix(text, key->value);
	case KEY_IPV4_PORT:
		*expected = "an address and port such as 10.0.2.2:7";
		return parse_ipv4_port(text, key->value);
	case KEY_MAC:
		*expected = "the address of one station, such as 52:54:00:12:34:56";
		return parse_mac(text, key->value);
	case KEY_LOG:
		*expected = "levels off, error, warn, info, debug, such as tcp:debug,*:info";
		return log_configure(text);
	default:
		assert(!"a key of an unknown type");
		return ERR_INVALID;
	}
}

enum err args_parse_value(const struct key *key, const char *text,
			  char expected[static ARGS_EXPECTED_BYTES])
{
	const char *phrase = "";
	if (key->type == KEY_U16 || key->type == KEY_U32 || key->type == KEY_SIZE ||
	    key->type == KEY_DURATION)
		return parse_and_store_number(key, text, expected);
	enum err e = parse_other(key, text, &phrase);
	if (e != OK) {
		snprintf(expected, ARGS_EXPECTED_BYTES, "%s", phrase);
		return e == ERR_RANGE ? ERR_RANGE : ERR_INVALID;
	}
	return OK;
}
