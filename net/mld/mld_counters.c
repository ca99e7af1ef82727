/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "net/mld/mld.h"

#define MLD_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct group_stats, queries, "queries_in")                                         \
	COUNTER(struct group_stats, heard,                                                         \
		"reports_in" COUNTS("Reports of other hosts, of version 1"))                       \
	COUNTER(struct group_stats, out, "out" COUNTS("Reports and Dones sent"))                   \
	DROPS(struct group_stats, ignored)                                                         \
	DROPS(struct group_stats, bad)                                                             \
	DROPS(struct group_stats, foreign)                                                         \
	DROPS(struct group_stats, unsent)

const struct counters mld_counters = COUNTERS("mld", MLD_COUNTERS);
