/* SPDX-License-Identifier: ISC */
#include "net/ipv6/ipv6.h"

#include "base/counter.h"

const struct counter ipv6_counters[] = {
	COUNTER(struct ipv6_stats, in, "ipv6_packets_in", "Packets handed to a transport."),
	COUNTER(struct ipv6_stats, out, "ipv6_packets_out", "Packets sent."),
	DROPS(struct ipv6_stats, bad_header, "ipv6"),
	DROPS(struct ipv6_stats, bad_source, "ipv6"),
	DROPS(struct ipv6_stats, not_for_us, "ipv6"),
	DROPS(struct ipv6_stats, group_frames, "ipv6"),
	DROPS(struct ipv6_stats, bad_extension, "ipv6"),
	DROPS(struct ipv6_stats, excess, "ipv6"),
	DROPS(struct ipv6_stats, fragments, "ipv6"),
	DROPS(struct ipv6_stats, no_protocol, "ipv6"),
	DROPS(struct ipv6_stats, unreachable, "ipv6"),
	DROPS(struct ipv6_stats, too_long, "ipv6"),
	DROPS(struct ipv6_stats, bad_from, "ipv6"),
	COUNTERS_END,
};
