/* SPDX-License-Identifier: ISC */
#include "net/fragments/reassembly.h"

#include "base/counter.h"

#define REASSEMBLY_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                       \
	COUNTER(struct reassembly_stats, fragments, "fragments_in")                                \
	COUNTER(struct reassembly_stats, whole, "datagrams")                                       \
	COUNTER(struct reassembly_stats, copied,                                                   \
		"copied" COUNTS("Of those, copied: too many fragments"))                           \
	DROPS(struct reassembly_stats, duplicates)                                                 \
	DROPS(struct reassembly_stats, late)                                                       \
	DROPS(struct reassembly_stats, bad)                                                        \
	DROPS(struct reassembly_stats, tiny)                                                       \
	DROPS(struct reassembly_stats, overlaps)                                                   \
	DROPS(struct reassembly_stats, inconsistent)                                               \
	DROPS(struct reassembly_stats, evicted)                                                    \
	DROPS(struct reassembly_stats, no_room)                                                    \
	DROPS(struct reassembly_stats, no_large)                                                   \
	DROPS(struct reassembly_stats, timeouts)

const struct counters reassembly_counters = COUNTERS("reassembly", REASSEMBLY_COUNTERS);
