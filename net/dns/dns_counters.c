/* SPDX-License-Identifier: ISC */
#include "net/dns/dns.h"

#include "base/counter.h"

const struct counter dns_counters[] = {
	COUNTER(struct dns_stats, requests, "dns_requests", "Names asked for by the application."),
	COUNTER(struct dns_stats, joined, "dns_joined", "Of those, asked for already."),
	COUNTER(struct dns_stats, cached, "dns_cached", "Of those, answered from the cache."),
	COUNTER(struct dns_stats, answered, "dns_answered", "Of those, answered with addresses."),
	COUNTER(struct dns_stats, failed, "dns_failed", "Of those, without an address."),
	COUNTER(struct dns_stats, sent, "dns_queries_out", "Queries sent."),
	COUNTER(struct dns_stats, tcp, "dns_tcp", "Queries repeated over TCP."),
	DROPS(struct dns_stats, unsent, "dns"),
	DROPS(struct dns_stats, bad_source, "dns"),
	DROPS(struct dns_stats, bad_question, "dns"),
	DROPS(struct dns_stats, malformed, "dns"),
	DROPS(struct dns_stats, out_of_memory, "dns"),
	COUNTERS_END,
};
