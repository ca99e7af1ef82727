/* SPDX-License-Identifier: ISC */
#include "net/fragments/reassembly.h"

#include "base/counter.h"

const struct counter reassembly_counters[] = {
	COUNTER(struct reassembly_stats, fragments, "reassembly_fragments_in",
		"Fragments received."),
	COUNTER(struct reassembly_stats, whole, "reassembly_datagrams", "Datagrams put together."),
	COUNTER(struct reassembly_stats, copied, "reassembly_copied",
		"Of those, copied because of their many fragments."),
	DROPS(struct reassembly_stats, duplicates, "reassembly"),
	DROPS(struct reassembly_stats, late, "reassembly"),
	DROPS(struct reassembly_stats, bad, "reassembly"),
	DROPS(struct reassembly_stats, tiny, "reassembly"),
	DROPS(struct reassembly_stats, overlaps, "reassembly"),
	DROPS(struct reassembly_stats, inconsistent, "reassembly"),
	DROPS(struct reassembly_stats, evicted, "reassembly"),
	DROPS(struct reassembly_stats, no_room, "reassembly"),
	DROPS(struct reassembly_stats, no_large, "reassembly"),
	DROPS(struct reassembly_stats, timeouts, "reassembly"),
	COUNTERS_END,
};
