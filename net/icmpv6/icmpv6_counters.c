/* SPDX-License-Identifier: ISC */
#include "net/icmpv6/icmpv6.h"

#include "base/counter.h"

const struct counter icmpv6_counters[] = {
	COUNTER(struct icmpv6_stats, echo_requests, "icmpv6_echo_requests_in",
		"Echo requests received."),
	COUNTER(struct icmpv6_stats, echo_replies, "icmpv6_echo_replies_out", "Echo replies sent."),
	COUNTER(struct icmpv6_stats, errors_in, "icmpv6_errors_in", "Errors shown to a transport."),
	COUNTER(struct icmpv6_stats, errors_out, "icmpv6_errors_out", "Errors sent."),
	DROPS(struct icmpv6_stats, bad, "icmpv6"),
	DROPS(struct icmpv6_stats, echo_failed, "icmpv6"),
	DROPS(struct icmpv6_stats, not_ours, "icmpv6"),
	DROPS(struct icmpv6_stats, ignored, "icmpv6"),
	DROPS(struct icmpv6_stats, limited, "icmpv6"),
	DROPS(struct icmpv6_stats, forbidden, "icmpv6"),
	DROPS(struct icmpv6_stats, error_failed, "icmpv6"),
	COUNTERS_END,
};
