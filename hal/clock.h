/* SPDX-License-Identifier: ISC */
/*
 * The time of day, as a board's clock chip or hypervisor knows it.
 *
 * Read once at start and carried on by the monotonic timer; so a driver need not be
 * fast. Event loop only.
 */
#ifndef HAL_CLOCK_H
#define HAL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct clock;

struct clock_ops {
	enum err (*read)(struct clock *c, uint64_t *unix_s);
};

struct clock {
	const struct clock_ops *ops;
};

/* Seconds since 1970-01-01 00:00 UTC. ERR_IO or ERR_NOTREADY when the chip does not know. */
MUST_USE static inline enum err clock_read(struct clock *c, uint64_t *unix_s)
{
	return c->ops->read(c, unix_s);
}

/* The same as a value: 0 if `c` is NULL or does not know. */
static inline uint64_t clock_now_s(struct clock *c)
{
	uint64_t unix_s;
	return c != NULL && clock_read(c, &unix_s) == OK ? unix_s : 0;
}

#endif
