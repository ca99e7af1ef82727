/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4.h"

#include "base/counter.h"

#define IPV4_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct ipv4_stats, in, "packets_in")                                               \
	COUNTER(struct ipv4_stats, out, "packets_out")                                             \
	DROPS(struct ipv4_stats, bad_header)                                                       \
	DROPS(struct ipv4_stats, bad_checksum)                                                     \
	DROPS(struct ipv4_stats, bad_source)                                                       \
	DROPS(struct ipv4_stats, not_for_us)                                                       \
	DROPS(struct ipv4_stats, group_frames)                                                     \
	DROPS(struct ipv4_stats, bad_options)                                                      \
	DROPS(struct ipv4_stats, source_routed)                                                    \
	DROPS(struct ipv4_stats, fragments)                                                        \
	DROPS(struct ipv4_stats, no_protocol)                                                      \
	DROPS(struct ipv4_stats, unreachable)                                                      \
	DROPS(struct ipv4_stats, too_long)                                                         \
	DROPS(struct ipv4_stats, bad_from)

const struct counters ipv4_counters = COUNTERS("ipv4", IPV4_COUNTERS);
