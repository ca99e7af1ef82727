/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp.h"

#include "base/counter.h"

#define IGMP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct igmp_stats, queries, "queries_in")                                          \
	COUNTER(struct igmp_stats, heard,                                                          \
		"reports_in" COUNTS("Reports of other hosts, of old versions"))                    \
	COUNTER(struct igmp_stats, out, "out" COUNTS("Reports and leaves sent"))                   \
	DROPS(struct igmp_stats, ignored)                                                          \
	DROPS(struct igmp_stats, bad)                                                              \
	DROPS(struct igmp_stats, foreign)                                                          \
	DROPS(struct igmp_stats, unsent)

const struct counters igmp_counters = COUNTERS("igmp", IGMP_COUNTERS);
