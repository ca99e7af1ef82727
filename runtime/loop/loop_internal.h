/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of the event loop; for nobody else.
 */
#ifndef RUNTIME_LOOP_INTERNAL_H
#define RUNTIME_LOOP_INTERNAL_H

#include <stdint.h>

/* timeout.c: the earliest deadline, or TIME_NEVER. */
uint64_t timeouts_next(void);

/* timeout.c: calls those that are due at `now_us`. */
void timeouts_run(uint64_t now_us);

/* loop.c: one round of loop_run(): what is due and ready, then sleep if nothing is left. */
void loop_round(void);

#endif
