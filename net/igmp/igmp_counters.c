/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp.h"

#include "base/counter.h"

#define IGMP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct group_stats, queries, "queries_in")                                         \
	COUNTER(struct group_stats, heard,                                                         \
		"reports_in" COUNTS("Reports of other hosts, of old versions"))                    \
	COUNTER(struct group_stats, out, "out" COUNTS("Reports and leaves sent"))                  \
	DROPS(struct group_stats, ignored)                                                         \
	DROPS(struct group_stats, bad)                                                             \
	DROPS(struct group_stats, foreign)                                                         \
	DROPS(struct group_stats, unsent)

const struct counters igmp_counters = COUNTERS("igmp", IGMP_COUNTERS);
