/* SPDX-License-Identifier: ISC */
#include "net/mdns/mdns.h"

#include "base/counter.h"

const struct counter mdns_counters[] = {
	COUNTER(struct mdns_stats, queries, "mdns_queries", "Queries received."),
	COUNTER(struct mdns_stats, responses, "mdns_responses", "Responses of others received."),
	COUNTER(struct mdns_stats, sent, "mdns_packets_out", "Packets sent."),
	COUNTER(struct mdns_stats, suppressed, "mdns_suppressed",
		"Answers that were known already."),
	COUNTER(struct mdns_stats, conflicts, "mdns_conflicts",
		"Names that somebody else has too."),
	COUNTER(struct mdns_stats, renamed, "mdns_renamed", "Times that another name was taken."),
	DROPS(struct mdns_stats, unsent, "mdns"),
	DROPS(struct mdns_stats, malformed, "mdns"),
	DROPS(struct mdns_stats, off_link, "mdns"),
	DROPS(struct mdns_stats, limited, "mdns"),
	DROPS(struct mdns_stats, bad_port, "mdns"),
	COUNTERS_END,
};
