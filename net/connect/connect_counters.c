/* SPDX-License-Identifier: ISC */
#include "net/connect/connect.h"

#include "base/counter.h"

#define CONNECT_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                          \
	COUNTER(struct connect_stats, requests, "requests")                                        \
	COUNTER(struct connect_stats, established, "established")                                  \
	COUNTER(struct connect_stats, failed, "failed")                                            \
	COUNTER(struct connect_stats, cancelled, "cancelled")                                      \
	COUNTER(struct connect_stats, attempts, "attempts")                                        \
	COUNTER(struct connect_stats, late,                                                        \
		"late" COUNTS("Connections to another address than the first"))                    \
	DROPS(struct connect_stats, out_of_memory)

const struct counters connect_counters = COUNTERS("connect", CONNECT_COUNTERS);
