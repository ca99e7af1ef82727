/* SPDX-License-Identifier: ISC */
#include "net/dns/dns.h"

#include "base/counter.h"

#define DNS_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct dns_stats, requests, "requests", "Names asked for by the application")      \
	COUNTER(struct dns_stats, joined, "joined", "Of those, asked for already")                 \
	COUNTER(struct dns_stats, cached, "cached", "Of those, answered from the cache")           \
	COUNTER(struct dns_stats, answered, "answered", "Of those, answered with addresses")       \
	COUNTER(struct dns_stats, failed, "failed", "Of those, without an address")                \
	COUNTER(struct dns_stats, sent, "queries_out", "Queries sent")                             \
	COUNTER(struct dns_stats, tcp, "tcp", "Queries repeated over TCP")                         \
	DROPS(struct dns_stats, unsent)                                                            \
	DROPS(struct dns_stats, bad_source)                                                        \
	DROPS(struct dns_stats, bad_question)                                                      \
	DROPS(struct dns_stats, malformed)                                                         \
	DROPS(struct dns_stats, out_of_memory)

const struct counters dns_counters = COUNTERS("dns", DNS_COUNTERS);
