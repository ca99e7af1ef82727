/* SPDX-License-Identifier: ISC */
#include "net/connect/connect.h"

#include "base/counter.h"

#define CONNECT_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                          \
	COUNTER(struct connect_stats, requests, "requests", "Hosts to be connected to")            \
	COUNTER(struct connect_stats, established, "established",                                  \
		"Of those, where that came about")                                                 \
	COUNTER(struct connect_stats, failed, "failed", "Of those, where nobody answered")         \
	COUNTER(struct connect_stats, cancelled, "cancelled", "Of those, given up")                \
	COUNTER(struct connect_stats, attempts, "attempts", "Addresses tried")                     \
	COUNTER(struct connect_stats, late, "late",                                                \
		"Connections to another address than the first")                                   \
	DROPS(struct connect_stats, out_of_memory)

const struct counters connect_counters = COUNTERS("connect", CONNECT_COUNTERS);
