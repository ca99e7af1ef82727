/* SPDX-License-Identifier: ISC */
/*
 * Property tests of the network stack on simulated links. Options, for longer runs and for looking
 * at one failure:
 *
 *      --seeds=N       transfers to run, from 1 on or from --first; so does FATA_SEEDS=N
 *      --first=SEED    the first of them
 *      --seed=SEED     only that one, of all that is drawn
 *      --trace         prints every frame
 *      --goodput       prints TCP's goodput in virtual time over loss, and does nothing else
 */
#include "tests/unit/properties/tests.h"

#include <sanitizer/common_interface_defs.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 2500, EX_USAGE = 64 };

uint64_t seed_running;
struct options options = {.first_seed = 1, .seeds = SEEDS};

/* The sanitizer found something, or an assertion failed outside of a test's reach. */
static void say_seed(void)
{
	if (seed_running != 0)
		fprintf(stderr, "It happened in seed %llu; see it again: %s --seed=%llu --trace\n",
			(unsigned long long)seed_running, options.program,
			(unsigned long long)seed_running);
}

void world_stop(void)
{
	for (unsigned i = 0; i < 2; i++)
		netif_fake_fini(&world.host[i].rig.fake);
}

static bool parse_number(const char *text, uint64_t *out)
{
	char *end;
	if (text == NULL || *text < '0' || *text > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return *end == '\0';
}

static bool option(const char *arg, const char *name, uint64_t *out)
{
	size_t len = strlen(name);
	return strncmp(arg, name, len) == 0 && parse_number(arg + len, out);
}

static int usage(const char *wrong)
{
	fprintf(stderr,
		"unknown: %s; expected --seeds=N, --first=SEED, --seed=SEED, --trace or "
		"--goodput\n",
		wrong);
	return EX_USAGE;
}

static bool only_seed(const char *arg)
{
	if (!option(arg, "--seed=", &options.first_seed))
		return false;
	options.seeds = 1;
	options.only_seed = true;
	return true;
}

int main(int argc, char **argv)
{
	const char *seeds = getenv("FATA_SEEDS");
	if (seeds != NULL && !parse_number(seeds, &options.seeds))
		return usage("FATA_SEEDS, which is no number");
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--goodput") == 0)
			return goodput_print();
		if (strcmp(argv[i], "--trace") == 0)
			options.trace = true;
		else if (!only_seed(argv[i]) && !option(argv[i], "--seeds=", &options.seeds) &&
			 !option(argv[i], "--first=", &options.first_seed))
			return usage(argv[i]);
	}
	__sanitizer_set_death_callback(say_seed);
	options.program = argv[0];
	int failed = transfer_tests();
	if (options.only_seed)
		return (failed + prediction_tests()) != 0;
	failed += neighbour_tests();
	failed += day_tests();
	failed += whole_day_tests();
	failed += attack_tests();
	failed += overload_tests();
	failed += forgery_tests();
	failed += prediction_tests();
	return failed != 0;
}
