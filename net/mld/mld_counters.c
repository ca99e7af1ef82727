/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "net/mld/mld.h"

#define MLD_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct mld_stats, queries, "queries_in")                                           \
	COUNTER(struct mld_stats, heard,                                                           \
		"reports_in" COUNTS("Reports of other hosts, of version 1"))                       \
	COUNTER(struct mld_stats, out, "out" COUNTS("Reports and Dones sent"))                     \
	DROPS(struct mld_stats, ignored)                                                           \
	DROPS(struct mld_stats, bad)                                                               \
	DROPS(struct mld_stats, foreign)                                                           \
	DROPS(struct mld_stats, unsent)

const struct counters mld_counters = COUNTERS("mld", MLD_COUNTERS);
