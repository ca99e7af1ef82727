/* SPDX-License-Identifier: ISC */
#include "net/icmp/icmp.h"

#include "base/counter.h"

const struct counter icmp_counters[] = {
	COUNTER(struct icmp_stats, echo_requests, "icmp_echo_requests_in",
		"Echo requests received."),
	COUNTER(struct icmp_stats, echo_replies, "icmp_echo_replies_out", "Echo replies sent."),
	COUNTER(struct icmp_stats, errors_in, "icmp_errors_in", "Errors shown to a transport."),
	COUNTER(struct icmp_stats, errors_out, "icmp_errors_out", "Errors sent."),
	DROPS(struct icmp_stats, bad, "icmp"),
	DROPS(struct icmp_stats, echo_broadcasts, "icmp"),
	DROPS(struct icmp_stats, echo_failed, "icmp"),
	DROPS(struct icmp_stats, not_ours, "icmp"),
	DROPS(struct icmp_stats, ignored, "icmp"),
	DROPS(struct icmp_stats, limited, "icmp"),
	DROPS(struct icmp_stats, forbidden, "icmp"),
	DROPS(struct icmp_stats, error_failed, "icmp"),
	COUNTERS_END,
};
