/* SPDX-License-Identifier: ISC */
#include "net/dns/dns.h"

#include <string.h>

#include "base/assert.h"
#include "net/dns/dns_internal.h"

const struct dns_config dns_config_default = {
	.queries = 8,
	.cache_entries = 32,
	.tcp_bytes = 2048,
};

/* There are `count` addresses, or `error` says why not. */
static void conclude(struct dns *dns, struct resolver_request *r, enum err error, unsigned count)
{
	r->error = count > 0 ? OK : error;
	r->count = count;
	dns->stats.answered += count > 0;
	dns->stats.failed += count == 0;
	list_push_back(&dns->done, &r->node);
	waker_wake(&dns->work);
}

static void set_outcome(struct dns *dns, struct resolver_request *r, enum err error,
			const struct ip_addr *addresses, unsigned count)
{
	if (count > 0)
		memcpy(r->address, addresses, count * sizeof(addresses[0]));
	conclude(dns, r, error, count);
}

void dns_finish(struct dns_query *q, enum err error, const struct ip_addr *addresses,
		unsigned count)
{
	struct list *node;

	while ((node = list_pop_front(&q->requests)) != NULL)
		set_outcome(q->dns, list_entry(node, struct resolver_request, node), error,
			    addresses, count);
	dns_query_close(q);
}

/* --- requests -------------------------------------------------------------------------------- */

/* The first address is there without a question. */
static void answer(struct dns *dns, struct resolver_request *r, enum resolver_family family)
{
	bool fits = ip_addr_is_v4(&r->address[0]) == (family == RESOLVER_IPV4);
	conclude(dns, r, ERR_NOTFOUND, fits);
}

static const struct ip_addr loopback[] = {
	[RESOLVER_IPV4] = INET_ADDR(0, 0, 0xffff, 0x7f000001),
	[RESOLVER_IPV6] = INET_ADDR(0, 0, 0, 1),
};

static struct dns_query *find_query(struct dns *dns, const struct dns_name *name, uint16_t type)
{
	list_for_each (node, &dns->queries) {
		struct dns_query *q = list_entry(node, struct dns_query, node);
		if (q->question.type == type && dns_name_equal(&q->question.name, name))
			return q;
	}
	return NULL;
}

/* Joins the question in flight, or asks it. */
static enum err ask(struct dns *dns, struct resolver_request *r, const struct dns_name *name,
		    uint16_t type, uint64_t now_us)
{
	struct dns_query *q = find_query(dns, name, type);
	if (q != NULL) {
		dns->stats.joined++;
	} else {
		enum err e = dns_query_open(dns, name, type, now_us, &q);
		if (e != OK)
			return e;
	}
	list_push_back(&q->requests, &r->node);
	return OK;
}

static enum err start_name(struct dns *dns, struct resolver_request *r, const char *text,
			   enum resolver_family family, uint64_t now_us)
{
	struct dns_name *name = &dns->name;
	uint16_t type = family == RESOLVER_IPV4 ? DNS_TYPE_A : DNS_TYPE_AAAA;

	enum err e = dns_name_from_text(name, text);
	if (e != OK)
		return e;
	if (dns_name_is_localhost(name)) {
		r->address[0] = loopback[family];
		answer(dns, r, family);
		return OK;
	}
	const struct dns_entry *known = dns_cache_find(&dns->cache, name, type, now_us);
	if (known == NULL)
		return ask(dns, r, name, type, now_us);
	dns->stats.cached++;
	set_outcome(dns, r, ERR_NOTFOUND, known->address, known->count);
	return OK;
}

static enum err start(struct resolver *resolver, struct resolver_request *r, const char *name,
		      enum resolver_family family, uint64_t now_us)
{
	struct dns *dns = container_of(resolver, struct dns, resolver);
	enum err e = OK;

	assert(r->done != NULL);
	if (inet_parse(name, &r->address[0]) == OK)
		answer(dns, r, family);
	else
		e = start_name(dns, r, name, family, now_us);
	if (e == OK)
		dns->stats.requests++;
	return e;
}

/* A query that nobody waits for any more ends. */
static void cancel(struct resolver *resolver, struct resolver_request *r)
{
	struct dns *dns = container_of(resolver, struct dns, resolver);

	list_remove(&r->node);
	list_for_each_safe (node, next, &dns->queries) {
		struct dns_query *q = list_entry(node, struct dns_query, node);
		if (list_empty(&q->requests))
			dns_query_close(q);
	}
}

/* --- life ------------------------------------------------------------------------------------ */

static size_t cache_bytes(const struct dns_config *config)
{
	return config->cache_entries * sizeof(struct dns_entry);
}

static size_t pool_bytes(const struct dns_config *config)
{
	return config->queries * sizeof(struct dns_query);
}

/* Those that hold 64-bit numbers stand first, so that all are aligned. */
enum { ALIGNMENT = 8, DNS_BYTES = ROUND_UP(sizeof(struct dns), ALIGNMENT) };

size_t dns_memory_bytes(const struct dns_config *config)
{
	return DNS_BYTES + cache_bytes(config) + pool_bytes(config) + config->tcp_bytes;
}

struct dns *dns_init(void *memory, const struct dns_config *config, struct udp *udp,
		     struct pkt_pool *tx, struct rng *rng, struct waker work)
{
	static const struct resolver_ops ops = {.start = start, .cancel = cancel};
	struct dns *dns = memory;
	uint8_t *at = (uint8_t *)memory + DNS_BYTES;

	assert((uintptr_t)memory % ALIGNMENT == 0);
	memset(dns, 0, sizeof(*dns));
	dns->resolver.ops = &ops;
	dns->udp = udp;
	dns->tx = tx;
	dns->rng = rng;
	dns->work = work;
	dns->cache = (struct dns_cache){.entries = (void *)at, .count = config->cache_entries};
	memset(at, 0, cache_bytes(config));
	at += cache_bytes(config);
	pool_init(&dns->pool, at, sizeof(struct dns_query), config->queries);
	dns->stream.bytes = at + pool_bytes(config);
	dns->stream.max = config->tcp_bytes;
	list_init(&dns->queries);
	list_init(&dns->done);
	return dns;
}

static enum err add_server(struct dns *dns, enum dns_source source, const struct ip_addr *server)
{
	if (dns->n_servers == DNS_SERVERS_MAX)
		return ERR_NOMEM;
	dns->source[dns->n_servers] = (uint8_t)source;
	dns->server[dns->n_servers++] = *server;
	return OK;
}

enum err dns_add_server(struct dns *dns, const struct ip_addr *server)
{
	return add_server(dns, DNS_CONFIGURED, server);
}

enum err dns_add_servers(struct dns *dns, const struct ip_addr *servers, unsigned n)
{
	enum err e = OK;
	for (unsigned i = 0; i < n && e == OK; i++)
		e = dns_add_server(dns, &servers[i]);
	return e;
}

static void remove_servers(struct dns *dns, enum dns_source source)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < dns->n_servers; i++) {
		if (dns->source[i] == source)
			continue;
		dns->server[kept] = dns->server[i];
		dns->source[kept++] = dns->source[i];
	}
	dns->n_servers = (uint8_t)kept;
}

void dns_replace_servers(struct dns *dns, uint64_t now_us, enum dns_source source,
			 const struct ip_addr *servers, unsigned n)
{
	struct ip_addr before[DNS_SERVERS_MAX];
	unsigned n_before = dns->n_servers;

	assert(source != DNS_CONFIGURED);
	memcpy(before, dns->server, sizeof(before));
	remove_servers(dns, source);
	for (unsigned i = 0; i < n && add_server(dns, source, &servers[i]) == OK; i++)
		;
	if (dns->n_servers == n_before &&
	    memcmp(before, dns->server, n_before * sizeof(before[0])) == 0)
		return;
	list_for_each (node, &dns->queries)
		dns_query_restart(list_entry(node, struct dns_query, node), now_us);
}

void dns_replace_servers_v4(struct dns *dns, uint64_t now_us, enum dns_source source,
			    const uint32_t *servers, unsigned n)
{
	struct ip_addr addr[DNS_SERVERS_MAX];

	n = MIN(n, DNS_SERVERS_MAX);
	for (unsigned i = 0; i < n; i++)
		addr[i] = ip_addr_from_v4(servers[i]);
	dns_replace_servers(dns, now_us, source, addr, n);
}

void dns_clear_servers(struct dns *dns)
{
	dns->n_servers = 0;
}

struct resolver *dns_resolver(struct dns *dns)
{
	return &dns->resolver;
}

const struct dns_stats *dns_stats(const struct dns *dns)
{
	return &dns->stats;
}

/* --- poll ------------------------------------------------------------------------------------ */

/* Requests that done() starts or cancels may be among the others. */
static void complete(struct dns *dns, uint64_t now_us)
{
	struct list batch, *node;

	list_take(&batch, &dns->done);
	while ((node = list_pop_front(&batch)) != NULL) {
		struct resolver_request *r = list_entry(node, struct resolver_request, node);
		r->done(r, now_us);
	}
}

static uint64_t deadline(const struct dns *dns, uint64_t now_us)
{
	uint64_t due_us = list_empty(&dns->done) ? TIME_NEVER : now_us;
	list_for_each (node, &dns->queries) {
		const struct dns_query *q = list_entry(node, struct dns_query, node);
		due_us = time_earlier(due_us, q->due_us);
	}
	return due_us;
}

uint64_t dns_poll(struct dns *dns, uint64_t now_us)
{
	list_for_each_safe (node, next, &dns->queries) {
		struct dns_query *q = list_entry(node, struct dns_query, node);
		if (q->due_us <= now_us)
			dns_query_run(q, now_us);
	}
	if (dns->stream_start != NULL)
		dns->stream_start(dns, now_us);
	complete(dns, now_us);
	return deadline(dns, now_us);
}
