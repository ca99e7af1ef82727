/* SPDX-License-Identifier: ISC */
/*
 * Feeds a watchdog as long as the event loop comes round: an image that hangs, in a task, a fiber
 * that does not give way, or an interrupt handler, is restarted. One whose fibers wait for each
 * other for ever is not: who fears that feeds the watchdog in a job of its own.
 *
 * The struct belongs to the caller. Event loop and start-up only.
 */
#ifndef RUNTIME_WATCHDOG_FEEDER_H
#define RUNTIME_WATCHDOG_FEEDER_H

#include <stdint.h>

#include "hal/watchdog.h"

struct watchdog_feeder {
	struct watchdog *dog; /* NULL: off */
	uint64_t every_us;
};

/*
 * Starts the watchdog with `timeout_us`, to be fed four times as often; 0: it stays off. Says so in
 * a line, and in another if it was the watchdog that started this machine. ERR_RANGE: the time is
 * shorter than a millisecond or longer than the hardware can count, which a line says too.
 */
MUST_USE enum err watchdog_feeder_start(struct watchdog_feeder *f, struct watchdog *dog,
					uint64_t timeout_us);

/* Feeds it and returns when to do so again. */
uint64_t watchdog_feeder_poll(struct watchdog_feeder *f, uint64_t now_us);

void watchdog_feeder_stop(struct watchdog_feeder *f);

#endif
