/* SPDX-License-Identifier: ISC */
#include "net/neighbour/neighbour.h"

#include "base/counter.h"

#define NEIGHBOUR_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                        \
	COUNTER(struct neighbour_stats, moved,                                                     \
		"moved" COUNTS("Neighbours whose address has changed"))                            \
	COUNTER(struct neighbour_stats, evicted, "evicted")                                        \
	DROPS(struct neighbour_stats, dropped)

const struct counters neighbour_counters = COUNTERS("neighbour", NEIGHBOUR_COUNTERS);
