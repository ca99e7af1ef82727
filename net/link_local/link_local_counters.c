/* SPDX-License-Identifier: ISC */
#include "net/link_local/link_local.h"

#include "base/counter.h"

#define LINK_LOCAL_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                       \
	COUNTER(struct link_local_stats, claims, "claims")                                         \
	COUNTER(struct link_local_stats, refusals,                                                 \
		"refusals" COUNTS("Addresses that another station had when they were probed"))     \
	COUNTER(struct link_local_stats, losses,                                                   \
		"losses" COUNTS("Addresses given up since another station kept using them"))

const struct counters link_local_counters = COUNTERS("link_local", LINK_LOCAL_COUNTERS);
