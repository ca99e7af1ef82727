/* SPDX-License-Identifier: ISC */
/*
 * What servers have answered, for as long as they allow: a fixed number of entries, of which the
 * one that would end first makes place for a new one.
 */
#ifndef NET_DNS_CACHE_H
#define NET_DNS_CACHE_H

#include <stdint.h>

#include "net/dns/dns_msg.h"

enum {
	/* Answers live at least so long: many questions at once make one query. */
	DNS_TTL_MIN_S = 1,
	/* And at most so long, if there are addresses, and if there are none (RFC 2308 section 5).
	 */
	DNS_TTL_MAX_S = 24 * 60 * 60,
	DNS_TTL_NEGATIVE_MAX_S = 3 * 60 * 60,
};

struct dns_entry {
	uint64_t expires_us; /* 0: the entry is free */
	uint16_t type;
	uint8_t count; /* 0: there are none */
	struct dns_name name;
	struct ip_addr address[RESOLVER_ADDRESSES_MAX];
};

struct dns_cache {
	struct dns_entry *entries;
	unsigned count;
};

/* What is known of the question, borrowed until the next store; NULL: nothing. */
const struct dns_entry *dns_cache_find(const struct dns_cache *cache, const struct dns_name *name,
				       uint16_t type, uint64_t now_us);

/* Keeps an answer, if it may be kept. */
void dns_cache_store(struct dns_cache *cache, const struct dns_question *q,
		     const struct dns_answer *answer, uint64_t now_us);

#endif
