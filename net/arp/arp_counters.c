/* SPDX-License-Identifier: ISC */
#include "net/arp/arp.h"

#include "base/counter.h"

#define ARP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct arp_stats, requests_in, "requests_in")                                      \
	COUNTER(struct arp_stats, replies_in, "replies_in")                                        \
	COUNTER(struct arp_stats, requests_out, "requests_out")                                    \
	COUNTER(struct arp_stats, replies_out, "replies_out")                                      \
	COUNTER(struct arp_stats, conflicts,                                                       \
		"conflicts" COUNTS("Packets of others with our address"))                          \
	COUNTER(struct arp_stats, failed, "failed")                                                \
	DROPS(struct arp_stats, bad)                                                               \
	DROPS(struct arp_stats, not_learnt)                                                        \
	DROPS(struct arp_stats, tx_failed)

const struct counters arp_counters = COUNTERS("arp", ARP_COUNTERS);
