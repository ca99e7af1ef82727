/* SPDX-License-Identifier: ISC */
#include "net/arp/arp.h"

#include "base/counter.h"

const struct counter arp_counters[] = {
	COUNTER(struct arp_stats, requests_in, "arp_requests_in", "Requests received."),
	COUNTER(struct arp_stats, replies_in, "arp_replies_in", "Replies received."),
	COUNTER(struct arp_stats, requests_out, "arp_requests_out", "Requests sent."),
	COUNTER(struct arp_stats, replies_out, "arp_replies_out", "Replies sent."),
	COUNTER(struct arp_stats, conflicts, "arp_conflicts",
		"Packets of others that use our address."),
	COUNTER(struct arp_stats, failed, "arp_failed", "Neighbours that did not answer."),
	DROPS(struct arp_stats, bad, "arp"),
	DROPS(struct arp_stats, not_learnt, "arp"),
	DROPS(struct arp_stats, tx_failed, "arp"),
	COUNTERS_END,
};
