/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp.h"

#include "base/counter.h"

const struct counter dhcp_counters[] = {
	COUNTER(struct dhcp_stats, sent, "dhcp_messages_out", "Messages sent."),
	COUNTER(struct dhcp_stats, leases, "dhcp_leases", "Leases obtained."),
	COUNTER(struct dhcp_stats, renewals, "dhcp_renewals", "Leases renewed."),
	COUNTER(struct dhcp_stats, denials, "dhcp_denials", "Requests that a server denied."),
	COUNTER(struct dhcp_stats, declines, "dhcp_declines",
		"Addresses declined since others have them."),
	COUNTER(struct dhcp_stats, expirations, "dhcp_expirations", "Leases that ran out."),
	DROPS(struct dhcp_stats, unsent, "dhcp"),
	DROPS(struct dhcp_stats, bad, "dhcp"),
	DROPS(struct dhcp_stats, unexpected, "dhcp"),
	DROPS(struct dhcp_stats, unusable, "dhcp"),
	COUNTERS_END,
};
