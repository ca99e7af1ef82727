/* SPDX-License-Identifier: ISC */
/*
 * A DNS stub resolver (RFC 1034 section 5, RFC 1035): it asks recursive servers for the addresses
 * of names. A state machine without I/O.
 *
 * It is used through hal/resolver.h: dns_resolver(). A question that another has asked already
 * waits for the same answer. Questions go out over UDP, each from a socket of its own on a random
 * port, with a random id and a random mixture of large and small letters, and only what answers
 * just that, from the server that was asked, is looked at (RFC 5452). What does not answer is asked
 * again after one, two, four seconds, server by server; what ICMP says cannot be reached is
 * followed by the next server at once. A response that did not fit is fetched over TCP (RFC 7766)
 * if dns_use_tcp() has been called, one at a time. Answers, also that there is no such name (RFC
 * 2308), are kept as long as their TTL says. Addresses, and names below localhost, answer
 * themselves.
 *
 * Memory is the caller's, of a size that struct dns_config says. Time is an argument; all calls
 * come from the event loop.
 */
#ifndef NET_DNS_DNS_H
#define NET_DNS_DNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "hal/resolver.h"
#include "hal/rng.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"

enum { DNS_SERVERS_MAX = 4 };

/* Who knows of a server. */
enum dns_source { DNS_CONFIGURED, DNS_DHCP, DNS_ROUTER, DNS_DHCPV6 };

struct dns_config {
	uint16_t queries;       /* different questions in flight, at most */
	uint16_t cache_entries; /* answers kept, at most; may be 0 */
	/*
	 * Bytes that are read of a response over TCP; 0 if dns_use_tcp() will not be called. What
	 * is longer is good for the addresses at its beginning.
	 */
	uint16_t tcp_bytes;
};

/* Sensible values: 8 queries, 32 entries, 2048 bytes. About 20 KiB. */
extern const struct dns_config dns_config_default;

struct dns_stats {
	uint32_t requests, joined, cached, answered, failed; /* of the callers */
	uint32_t sent, unsent, tcp; /* queries; unsent: for lack of packets */
	/* Received and dropped: from elsewhere, to another question, malformed, or when what came
	 * before is asked again over TCP. */
	uint32_t bad_source, bad_question, malformed, late;
	uint32_t out_of_memory; /* questions refused: too many in flight */
};

/* It, described (base/counter.h). */
extern const struct counters dns_counters;

struct dns;

/* Bytes of memory that dns_init() needs for `config`. */
size_t dns_memory_bytes(const struct dns_config *config);

/*
 * Makes a resolver in `memory` (8-byte aligned, dns_memory_bytes() long), which knows no servers
 * yet, and returns it. Questions are built in packets of `tx`, whose buffers must hold PKT_HEADROOM
 * + 282 bytes. `work` is woken when a call from outside dns_poll() has made work for it.
 */
struct dns *dns_init(void *memory, const struct dns_config *config, struct udp *udp,
		     struct pkt_pool *tx, struct rng *rng, struct waker work);

/* From now on truncated responses are fetched over `tcp`. */
void dns_use_tcp(struct dns *dns, struct tcp *tcp);

/* Adds a server, to be asked after those before it. ERR_NOMEM after DNS_SERVERS_MAX. */
MUST_USE enum err dns_add_server(struct dns *dns, const struct ip_addr *server);

/* Adds `n` servers: those of a boot argument. */
MUST_USE enum err dns_add_servers(struct dns *dns, const struct ip_addr *servers, unsigned n);

/* Forgets all servers. */
void dns_clear_servers(struct dns *dns);

/*
 * Replaces the servers that came from `source`, which is not DNS_CONFIGURED, by `n` others, of
 * which count as many as there is room for, behind those of other sources. If they are the ones
 * that there are nothing happens, as when a lease is renewed; else questions in flight are asked
 * anew.
 */
void dns_replace_servers(struct dns *dns, uint64_t now_us, enum dns_source source,
			 const struct ip_addr *servers, unsigned n);

/* The same for IPv4 servers, in host order: those of a lease. */
void dns_replace_servers_v4(struct dns *dns, uint64_t now_us, enum dns_source source,
			    const uint32_t *servers, unsigned n);

/* The resolver that users get. */
struct resolver *dns_resolver(struct dns *dns);

/*
 * Sends what is due, and calls done() of requests that are. Returns the time of the next call in
 * microseconds, or TIME_NEVER. Call after each batch of input, when woken, and at that time.
 */
uint64_t dns_poll(struct dns *dns, uint64_t now_us);

/* Counters; borrowed, live. */
const struct dns_stats *dns_stats(const struct dns *dns);

#endif
