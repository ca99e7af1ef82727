/* SPDX-License-Identifier: ISC */
/*
 * A machine whose interrupt comes at a chosen point of the loop: at every place where a real one
 * could be interrupted, step() is called, and the interrupt that is due is handled as soon as
 * interrupts are not masked.
 */
#ifndef TESTS_UNIT_LOOP_MACHINE_H
#define TESTS_UNIT_LOOP_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/timer.h"

struct point_machine {
	struct timer timer;
	uint64_t now_us, armed_us;
	unsigned steps;   /* points passed */
	unsigned fire_at; /* the point at which the interrupt becomes pending */
	unsigned waits;   /* times that the machine slept */
	unsigned masks;   /* times that interrupts were masked */
	bool pending, masked;
	void (*handler)(void);
	void (*before_sleep)(void); /* may be NULL */
};

extern struct point_machine pm;

void pm_init(unsigned fire_at, void (*handler)(void));

/* A place where an interrupt may come. */
void pm_step(void);

unsigned long pm_mask(void);
void pm_restore(unsigned long state);
void pm_wait(void);

#endif
