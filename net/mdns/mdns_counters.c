/* SPDX-License-Identifier: ISC */
#include "net/mdns/mdns.h"

#include "base/counter.h"

#define MDNS_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct mdns_stats, queries, "queries")                                             \
	COUNTER(struct mdns_stats, responses, "responses")                                         \
	COUNTER(struct mdns_stats, sent, "packets_out")                                            \
	COUNTER(struct mdns_stats, suppressed, "suppressed")                                       \
	COUNTER(struct mdns_stats, conflicts, "conflicts")                                         \
	COUNTER(struct mdns_stats, renamed, "renamed")                                             \
	DROPS(struct mdns_stats, unsent)                                                           \
	DROPS(struct mdns_stats, malformed)                                                        \
	DROPS(struct mdns_stats, off_link)                                                         \
	DROPS(struct mdns_stats, limited)                                                          \
	DROPS(struct mdns_stats, bad_port)

const struct counters mdns_counters = COUNTERS("mdns", MDNS_COUNTERS);
