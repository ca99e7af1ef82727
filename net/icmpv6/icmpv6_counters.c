/* SPDX-License-Identifier: ISC */
#include "net/icmpv6/icmpv6.h"

#include "base/counter.h"

#define ICMPV6_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                           \
	COUNTER(struct icmp_stats, echo_requests, "echo_requests_in")                              \
	COUNTER(struct icmp_stats, echo_replies, "echo_replies_out")                               \
	COUNTER(struct icmp_stats, errors_in, "errors_in")                                         \
	COUNTER(struct icmp_stats, errors_out, "errors_out")                                       \
	DROPS(struct icmp_stats, bad)                                                              \
	DROPS(struct icmp_stats, echo_failed)                                                      \
	DROPS(struct icmp_stats, not_ours)                                                         \
	DROPS(struct icmp_stats, ignored)                                                          \
	DROPS(struct icmp_stats, limited)                                                          \
	DROPS(struct icmp_stats, forbidden)                                                        \
	DROPS(struct icmp_stats, error_failed)

const struct counters icmpv6_counters = COUNTERS("icmpv6", ICMPV6_COUNTERS);
