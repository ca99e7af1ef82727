/* SPDX-License-Identifier: ISC */
/*
 * A light that blinks as long as the event loop runs: on for a moment, off for longer. It does no
 * more than to be polled, so that it stops when the loop does, and stutters when a task takes long.
 *
 * The struct belongs to the caller. Event loop and start-up only.
 */
#ifndef RUNTIME_HEARTBEAT_H
#define RUNTIME_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/gpio.h"

struct heartbeat {
	const struct gpio_line *led; /* NULL: there is none that works */
	uint64_t next_us;            /* when it changes */
	uint32_t on_us, off_us;
	bool is_on;
};

/*
 * Begins with the light off, to be turned on by the first poll. `led`, which may be NULL, is
 * borrowed until the stop. If it does not work, one line says so and nothing blinks.
 */
void heartbeat_start(struct heartbeat *h, const struct gpio_line *led, uint32_t on_ms,
		     uint32_t off_ms);

/* Turns the light on or off if it is time, and returns when it will be again. */
uint64_t heartbeat_poll(struct heartbeat *h, uint64_t now_us);

/* Turns it off. */
void heartbeat_stop(struct heartbeat *h);

#endif
