/* SPDX-License-Identifier: ISC */
#include "net/mdns/mdns.h"

#include "base/counter.h"

#define MDNS_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct mdns_stats, queries, "queries", "Queries received")                         \
	COUNTER(struct mdns_stats, responses, "responses", "Responses of others received")         \
	COUNTER(struct mdns_stats, sent, "packets_out", "Packets sent")                            \
	COUNTER(struct mdns_stats, suppressed, "suppressed", "Answers that were known already")    \
	COUNTER(struct mdns_stats, conflicts, "conflicts", "Names that somebody else has too")     \
	COUNTER(struct mdns_stats, renamed, "renamed", "Times that another name was taken")        \
	DROPS(struct mdns_stats, unsent)                                                           \
	DROPS(struct mdns_stats, malformed)                                                        \
	DROPS(struct mdns_stats, off_link)                                                         \
	DROPS(struct mdns_stats, limited)                                                          \
	DROPS(struct mdns_stats, bad_port)

const struct counters mdns_counters = COUNTERS("mdns", MDNS_COUNTERS);
