/* SPDX-License-Identifier: ISC */
/* What the files of the property tests share. */
#ifndef TESTS_UNIT_PROPERTIES_TESTS_H
#define TESTS_UNIT_PROPERTIES_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/properties/scenario.h"

/* The scenario that runs, said if the program dies in it; 0: none of a seed. */
extern uint64_t seed_running;

/* What the command line or the environment asked for. */
struct options {
	uint64_t first_seed, seeds; /* of the transfers */
	bool only_seed;             /* nothing else but the first */
	bool trace;                 /* prints what crosses the link */
	const char *program;        /* this one, as it was called */
};
extern struct options options;

int transfer_tests(void);
int neighbour_tests(void);
int day_tests(void);
int whole_day_tests(void);
int attack_tests(void);
int overload_tests(void);
int forgery_tests(void);
int prediction_tests(void);

/* Prints the table of goodput over loss; returns the exit status. */
int goodput_print(void);

/* Prints the running scenario and how far it came. */
void world_describe(const struct scenario *s);

/* Says how a seed that failed is seen again. */
void seed_failed(uint64_t seed, const char *fault);

/* Prints what crosses the link from now on. */
void world_trace(void);

/* Frees what the hosts hold; a world that was not ended cleanly included. */
void world_stop(void);

#endif
