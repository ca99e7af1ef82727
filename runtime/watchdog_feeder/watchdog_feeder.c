/* SPDX-License-Identifier: ISC */
#include "runtime/watchdog_feeder/watchdog_feeder.h"

#include <stddef.h>

#define LOG_MODULE "watchdog"
#include "base/log.h"
#include "hal/timer.h"

enum { FEEDS_A_TIMEOUT = 4 };

enum err watchdog_feeder_start(struct watchdog_feeder *f, struct watchdog *dog, uint64_t timeout_us)
{
	uint64_t ms = timeout_us / US_PER_MS;

	*f = (struct watchdog_feeder){.every_us = timeout_us / FEEDS_A_TIMEOUT};
	if (watchdog_has_reset(dog))
		log_warn("the watchdog, or somebody by it, has restarted the machine");
	if (timeout_us == 0)
		return OK;
	if (ms < 1 || ms > dog->timeout_ms_max) {
		log_error("the watchdog can wait 1 to %u ms", (unsigned)dog->timeout_ms_max);
		return ERR_RANGE;
	}
	f->dog = dog;
	log_info("restarts the machine if it hangs for %u ms", (unsigned)ms);
	return watchdog_start(dog, (uint32_t)ms);
}

uint64_t watchdog_feeder_poll(struct watchdog_feeder *f, uint64_t now_us)
{
	if (f->dog == NULL)
		return TIME_NEVER;
	watchdog_feed(f->dog);
	return now_us + f->every_us;
}

void watchdog_feeder_stop(struct watchdog_feeder *f)
{
	if (f->dog != NULL)
		watchdog_stop(f->dog);
	f->dog = NULL;
}
