/* SPDX-License-Identifier: ISC */
#include "net/ipv6/ipv6.h"

#include "base/counter.h"

#define IPV6_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct ipv6_stats, in, "packets_in")                                               \
	COUNTER(struct ipv6_stats, out, "packets_out")                                             \
	DROPS(struct ipv6_stats, bad_header)                                                       \
	DROPS(struct ipv6_stats, bad_source)                                                       \
	DROPS(struct ipv6_stats, not_for_us)                                                       \
	DROPS(struct ipv6_stats, group_frames)                                                     \
	DROPS(struct ipv6_stats, bad_extension)                                                    \
	DROPS(struct ipv6_stats, excess)                                                           \
	DROPS(struct ipv6_stats, fragments)                                                        \
	DROPS(struct ipv6_stats, no_protocol)                                                      \
	DROPS(struct ipv6_stats, unreachable)                                                      \
	DROPS(struct ipv6_stats, too_long)                                                         \
	DROPS(struct ipv6_stats, bad_from)

const struct counters ipv6_counters = COUNTERS("ipv6", IPV6_COUNTERS);
