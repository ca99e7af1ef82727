/* SPDX-License-Identifier: ISC */
#include "net/dns/dns.h"

#include "base/counter.h"

#define DNS_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct dns_stats, requests, "requests")                                            \
	COUNTER(struct dns_stats, joined, "joined")                                                \
	COUNTER(struct dns_stats, cached, "cached")                                                \
	COUNTER(struct dns_stats, answered, "answered")                                            \
	COUNTER(struct dns_stats, failed, "failed")                                                \
	COUNTER(struct dns_stats, sent, "queries_out")                                             \
	COUNTER(struct dns_stats, tcp, "tcp" COUNTS("Queries repeated over TCP"))                  \
	DROPS(struct dns_stats, unsent)                                                            \
	DROPS(struct dns_stats, bad_source)                                                        \
	DROPS(struct dns_stats, bad_question)                                                      \
	DROPS(struct dns_stats, malformed)                                                         \
	DROPS(struct dns_stats, late)                                                              \
	DROPS(struct dns_stats, out_of_memory)

const struct counters dns_counters = COUNTERS("dns", DNS_COUNTERS);
