/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "base/pool.h"

#ifndef WITHOUT_COUNTERS
#define POOL_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	GAUGE(struct pool, count, "objects")                                                       \
	GAUGE(struct pool, used, "used")                                                           \
	GAUGE(struct pool, touched, "used_max")                                                    \
	COUNTER(struct pool, exhausted, "exhausted")

const struct counters pool_counters = COUNTERS("pool", POOL_COUNTERS);
#endif
