/* SPDX-License-Identifier: ISC */
/*
 * A watchdog: it restarts the machine unless it is fed in time.
 *
 * A driver embeds `struct watchdog` first and fills every slot. It counts by itself, whatever the
 * processor does. It does not run until it is started, and has one user. Any context but interrupt
 * handlers.
 */
#ifndef HAL_WATCHDOG_H
#define HAL_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/err.h"

struct watchdog;

struct watchdog_ops {
	void (*start)(struct watchdog *w, uint32_t timeout_ms);
	void (*feed)(struct watchdog *w);
	void (*stop)(struct watchdog *w);
	bool (*has_reset)(struct watchdog *w);
};

struct watchdog {
	const struct watchdog_ops *ops;
	const char *name;        /* for messages */
	uint32_t timeout_ms_max; /* the longest that the hardware can count */
};

/*
 * From now on the machine restarts when it has not been fed for `timeout_ms`, 1 or more. Starting
 * one that runs sets a new time. ERR_RANGE: it is longer than timeout_ms_max, and nothing changes.
 */
MUST_USE static inline enum err watchdog_start(struct watchdog *w, uint32_t timeout_ms)
{
	assert(timeout_ms > 0);
	if (timeout_ms > w->timeout_ms_max)
		return ERR_RANGE;
	w->ops->start(w, timeout_ms);
	return OK;
}

/* The time begins anew. Only one that was started. */
static inline void watchdog_feed(struct watchdog *w)
{
	w->ops->feed(w);
}

/* It restarts nothing any more. */
static inline void watchdog_stop(struct watchdog *w)
{
	w->ops->stop(w);
}

/*
 * Whether the machine was last started by its watchdog. Where restarting on purpose is the
 * watchdog's work too, that counts. False where the hardware does not say.
 */
MUST_USE static inline bool watchdog_has_reset(struct watchdog *w)
{
	return w->ops->has_reset(w);
}

#endif
