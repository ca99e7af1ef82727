/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "base/pool.h"

const struct counter pool_counters[] = {
	GAUGE(struct pool, count, "pool_objects", "Objects that the pool has."),
	GAUGE(struct pool, used, "pool_used", "Objects in use now."),
	GAUGE(struct pool, used_max, "pool_used_max", "Most objects in use at once."),
	COUNTER(struct pool, exhausted, "pool_exhausted", "Times that all were in use."),
	COUNTERS_END,
};
