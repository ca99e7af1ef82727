/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "base/pool.h"

#define POOL_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	GAUGE(struct pool, count, "objects", "Objects that the pool has")                          \
	GAUGE(struct pool, used, "used", "Objects in use now")                                     \
	GAUGE(struct pool, touched, "used_max", "Most objects in use at once")                     \
	COUNTER(struct pool, exhausted, "exhausted", "Times that all were in use")

const struct counters pool_counters = COUNTERS("pool", POOL_COUNTERS);
