/* SPDX-License-Identifier: ISC */
/*
 * What connections, half-open entries and TIME-WAIT entries have in common (table.c, timer.c): a
 * place in the hash table, numbers that belong to their four-tuple, and one timer each, in a heap.
 */
#ifndef NET_TCP_ENDPOINT_H
#define NET_TCP_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/siphash.h"
#include "net/tcp/segment.h"
#include "net/tcp/tcp.h"

struct tcp_conn;

enum tcp_kind { TCP_CONN, TCP_HALF_OPEN, TCP_TIME_WAIT };

struct tcp_endpoint {
	struct tcp_endpoint *next; /* in its bucket of the table */
	struct list pending;       /* in tcp->pending, or unlinked */
	struct tcp_tuple tuple;
	uint32_t hash;
	uint64_t deadline_us; /* of the timer; TIME_NEVER: a connection that has none set */
	uint32_t heap_slot;   /* 1 + its index in tcp->heap; 0: no timer */
	uint8_t kind;
	bool in_table;
	uint16_t challenged; /* the last tcp_may_challenge(), in units of 2^16 us */
};

/* One for a constant, for the ports and for each word of the peer's address; one of those is all
 * that IPv4 has. */
enum { TCP_TABLE_KEY_WORDS = 6, TCP_TABLE_KEY_WORDS_V4 = 3 };

/* Both ports in one word, as the first of a segment that arrives has them. */
static inline uint32_t tcp_tuple_ports(const struct tcp_tuple *t)
{
	return (uint32_t)t->remote_port << 16 | t->local_port;
}

/* Who has these addresses and ports, or NULL; *hash is theirs in either case. */
struct tcp_endpoint *tcp_table_find(const struct tcp *tcp, const struct ip_addr *local,
				    const struct ip_addr *remote, uint32_t ports, uint32_t *hash);
/* Begins an endpoint, which has no timer yet. `hash` is the tuple's. */
void tcp_table_insert(struct tcp *tcp, struct tcp_endpoint *ep, enum tcp_kind kind,
		      const struct tcp_tuple *tuple, uint32_t hash);
void tcp_table_remove(struct tcp *tcp, struct tcp_endpoint *ep);

/* A number that belongs to the four-tuple and that nobody can guess. */
uint64_t tcp_tuple_secret(const struct tcp *tcp, const struct tcp_tuple *t);

/* The same with another key and something more to go into it: for a SYN cookie. */
uint32_t tcp_tuple_cookie(const struct siphash_key *key, const struct tcp_tuple *t, uint64_t more);

/* Initial sequence number for a connection: RFC 6528 section 3, ISN = M + F(tuple, secret), where M
 * ticks every 4 microseconds. */
static inline uint32_t tcp_initial_seq(uint64_t secret, uint64_t now_us)
{
	return (uint32_t)(now_us / 4) + (uint32_t)secret;
}

/* What its timestamps begin with: the half that the ISN does not show. So they tell neither how
 * long the system has been up nor which connections are one system's (RFC 7323 section 7.1), and go
 * on through the connections of one four-tuple. */
static inline uint32_t tcp_ts_offset(uint64_t secret)
{
	return (uint32_t)(secret >> 32);
}

/* Sets, moves or stops the one timer of an endpoint. */
void tcp_timer_set(struct tcp *tcp, struct tcp_endpoint *ep, uint64_t deadline_us);
void tcp_timer_stop(struct tcp *tcp, struct tcp_endpoint *ep);
/* The endpoint whose timer is due, its timer stopped; or NULL. */
/* Something is due at `deadline_us`. That it no longer is need not be said. */
void tcp_due(struct tcp *tcp, uint64_t deadline_us);
struct tcp_endpoint *tcp_timer_expired(struct tcp *tcp, uint64_t now_us);
/* The earliest deadline of all, or TIME_NEVER. */
uint64_t tcp_timer_next(const struct tcp *tcp);

#endif
