/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp.h"

#include "base/counter.h"

#define DHCP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct dhcp_stats, sent, "messages_out", "Messages sent")                          \
	COUNTER(struct dhcp_stats, leases, "leases", "Leases obtained")                            \
	COUNTER(struct dhcp_stats, renewals, "renewals", "Leases renewed")                         \
	COUNTER(struct dhcp_stats, denials, "denials", "Requests that a server denied")            \
	COUNTER(struct dhcp_stats, declines, "declines",                                           \
		"Addresses declined since others have them")                                       \
	COUNTER(struct dhcp_stats, expirations, "expirations", "Leases that ran out")              \
	DROPS(struct dhcp_stats, unsent)                                                           \
	DROPS(struct dhcp_stats, bad)                                                              \
	DROPS(struct dhcp_stats, unexpected)                                                       \
	DROPS(struct dhcp_stats, unusable)

const struct counters dhcp_counters = COUNTERS("dhcp", DHCP_COUNTERS);
