/* SPDX-License-Identifier: ISC */
/* The command line of linksim. */
#ifndef TESTS_EMU_LINKSIM_LINKSIM_H
#define TESTS_EMU_LINKSIM_LINKSIM_H

#include <stdbool.h>

#include "tests/fakes/link_wire.h"

struct linksim_options {
	struct link_conditions conditions; /* in both directions */
	uint64_t seed;
	const char *taps[2];
};

/* False, after a message, if the command line is wrong. */
bool linksim_parse(int argc, char **argv, struct linksim_options *out);

#endif
