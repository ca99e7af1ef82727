/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4.h"

#include "base/counter.h"

const struct counter ipv4_counters[] = {
	COUNTER(struct ipv4_stats, in, "ipv4_packets_in", "Packets received."),
	COUNTER(struct ipv4_stats, out, "ipv4_packets_out", "Packets sent."),
	DROPS(struct ipv4_stats, bad_header, "ipv4"),
	DROPS(struct ipv4_stats, bad_checksum, "ipv4"),
	DROPS(struct ipv4_stats, bad_source, "ipv4"),
	DROPS(struct ipv4_stats, not_for_us, "ipv4"),
	DROPS(struct ipv4_stats, group_frames, "ipv4"),
	DROPS(struct ipv4_stats, bad_options, "ipv4"),
	DROPS(struct ipv4_stats, source_routed, "ipv4"),
	DROPS(struct ipv4_stats, fragments, "ipv4"),
	DROPS(struct ipv4_stats, no_protocol, "ipv4"),
	DROPS(struct ipv4_stats, unreachable, "ipv4"),
	DROPS(struct ipv4_stats, too_long, "ipv4"),
	DROPS(struct ipv4_stats, bad_from, "ipv4"),
	COUNTERS_END,
};
