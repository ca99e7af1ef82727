/* SPDX-License-Identifier: ISC */
/*
 * A machine with simulated time, for tests of what runs on the event loop: it is fast and repeats
 * exactly. Sleeping moves the time to the armed alarm; sleeping without one fails the test.
 */
#ifndef TESTS_FAKES_MACHINE_H
#define TESTS_FAKES_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/timer.h"

struct machine {
	struct timer timer;
	uint64_t now_us;
	uint64_t armed_us;
	unsigned sleeps;
	const bool *done; /* what machine_run_until() waits for, else NULL */
	/* Called when the loop sleeps, as an interrupt handler would be; may wake somebody. */
	void (*interrupt)(void);
};

extern struct machine machine;

/* Starts over at time `now_us` and makes the loop use this machine. */
void machine_init(uint64_t now_us);

/* Runs rounds of the loop until *done, at most `rounds`; fails the test if that is not enough. */
void machine_run_until(const bool *done, unsigned rounds);

#endif
