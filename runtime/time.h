/* SPDX-License-Identifier: ISC */
/*
 * The time since the image was entered.
 *
 * It runs once the image has started a timer (loop_start()); an image that has none does without:
 * its time is always 0. Any context.
 */
#ifndef RUNTIME_TIME_H
#define RUNTIME_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/timer.h"

/* Microseconds since the image was entered; 0 as long as no timer runs. */
uint64_t time_now_us(void);

/* True once a timer tells the time. */
bool time_runs(void);

/* Takes the time from `timer`, which stays. For loop_start(). */
void time_start(struct timer *timer);

#endif
