/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp.h"

#include "base/counter.h"

#define DHCP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct dhcp_stats, sent, "messages_out")                                           \
	COUNTER(struct dhcp_stats, leases, "leases")                                               \
	COUNTER(struct dhcp_stats, renewals, "renewals")                                           \
	COUNTER(struct dhcp_stats, denials, "denials")                                             \
	COUNTER(struct dhcp_stats, declines, "declines")                                           \
	COUNTER(struct dhcp_stats, expirations, "expirations")                                     \
	DROPS(struct dhcp_stats, unsent)                                                           \
	DROPS(struct dhcp_stats, bad)                                                              \
	DROPS(struct dhcp_stats, unexpected)                                                       \
	DROPS(struct dhcp_stats, unusable)

const struct counters dhcp_counters = COUNTERS("dhcp", DHCP_COUNTERS);
