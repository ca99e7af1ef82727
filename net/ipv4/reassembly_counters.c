/* SPDX-License-Identifier: ISC */
#include "net/ipv4/reassembly.h"

#include "base/counter.h"

const struct counter ipv4_reassembly_counters[] = {
	COUNTER(struct ipv4_reassembly_stats, fragments, "ipv4_reassembly_fragments_in",
		"Fragments received."),
	COUNTER(struct ipv4_reassembly_stats, whole, "ipv4_reassembly_datagrams",
		"Datagrams put together."),
	COUNTER(struct ipv4_reassembly_stats, copied, "ipv4_reassembly_copied",
		"Of those, copied because of their many fragments."),
	DROPS(struct ipv4_reassembly_stats, duplicates, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, late, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, bad, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, tiny, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, overlaps, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, inconsistent, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, evicted, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, no_room, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, no_large, "ipv4_reassembly"),
	DROPS(struct ipv4_reassembly_stats, timeouts, "ipv4_reassembly"),
	COUNTERS_END,
};
