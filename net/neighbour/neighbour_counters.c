/* SPDX-License-Identifier: ISC */
#include "net/neighbour/neighbour.h"

#include "base/counter.h"

const struct counter neighbour_counters[] = {
	COUNTER(struct neighbour_stats, moved, "neighbours_moved",
		"Neighbours whose Ethernet address has changed."),
	COUNTER(struct neighbour_stats, evicted, "neighbours_evicted",
		"Neighbours displaced by newer ones."),
	DROPS(struct neighbour_stats, dropped, "neighbour"),
	COUNTERS_END,
};
