/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of the event loop; for nobody else.
 */
#ifndef RUNTIME_LOOP_INTERNAL_H
#define RUNTIME_LOOP_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/timer.h"

/* timeout.c: the earliest deadline, or TIME_NEVER. */
uint64_t timeouts_next(void);

/* timeout.c: calls those that are due at `now_us`. */
void timeouts_run(uint64_t now_us);

/* fiber.c: true if a fiber can run. */
bool fibers_ready(void);

/* fiber.c: runs the fibers that are ready at the call, each until it waits. */
void fibers_run(void);

/* loop.c: time counts from this moment. Once, before anything asks for the time. */
void loop_init(struct timer *timer);

/* loop.c: one round of loop_run(): what is due and ready, then sleep if nothing is left. */
void loop_round(void);

#endif
