/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_cache.h"

#include <string.h>

#include "hal/timer.h"

static struct dns_entry *find(const struct dns_cache *cache, const struct dns_name *name,
			      uint16_t type)
{
	for (unsigned i = 0; i < cache->count; i++) {
		struct dns_entry *e = &cache->entries[i];
		if (e->expires_us != 0 && e->type == type && dns_name_equal(&e->name, name))
			return e;
	}
	return NULL;
}

const struct dns_entry *dns_cache_find(const struct dns_cache *cache, const struct dns_name *name,
				       uint16_t type, uint64_t now_us)
{
	const struct dns_entry *e = find(cache, name, type);
	return e != NULL && now_us < e->expires_us ? e : NULL;
}

/* A free entry, else one that has expired or will be the first to. */
static struct dns_entry *first_to_expire(const struct dns_cache *cache)
{
	struct dns_entry *first = &cache->entries[0];
	for (unsigned i = 1; i < cache->count; i++) {
		if (cache->entries[i].expires_us < first->expires_us)
			first = &cache->entries[i];
	}
	return first;
}

static uint64_t lifetime_us(const struct dns_answer *answer)
{
	uint32_t max_s = answer->count > 0 ? DNS_TTL_MAX_S : DNS_TTL_NEGATIVE_MAX_S;
	uint32_t ttl_s = MAX(answer->ttl_s, (uint32_t)DNS_TTL_MIN_S);
	return (uint64_t)MIN(ttl_s, max_s) * US_PER_S;
}

void dns_cache_store(struct dns_cache *cache, const struct dns_question *q,
		     const struct dns_answer *answer, uint64_t now_us)
{
	if (!answer->may_cache || cache->count == 0)
		return;
	struct dns_entry *e = find(cache, &q->name, q->type);
	if (e == NULL)
		e = first_to_expire(cache);
	e->expires_us = now_us + lifetime_us(answer);
	e->type = q->type;
	e->count = (uint8_t)answer->count;
	e->name = q->name;
	memcpy(e->address, answer->address, sizeof(e->address));
}
