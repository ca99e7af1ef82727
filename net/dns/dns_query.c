/* SPDX-License-Identifier: ISC */
/* A question on its way: the servers are asked in turn until one answers. */
#include <string.h>

#include "base/assert.h"
#include "net/dns/dns_internal.h"

static void wake_at(struct dns_query *q, uint64_t due_us)
{
	q->due_us = due_us;
	waker_wake(&q->dns->work);
}

/* Which of the servers that have been asked `peer` is; or DNS_SERVERS_MAX. */
static unsigned server_of(const struct dns_query *q, const struct udp_peer *peer)
{
	const struct dns *dns = q->dns;

	for (unsigned i = 0; i < dns->n_servers && peer->port == DNS_PORT; i++) {
		if ((q->asked & 1u << i) != 0 && ip_addr_equal(&dns->server[i], &peer->addr))
			return i;
	}
	return DNS_SERVERS_MAX;
}

/* The bytes of a datagram in one piece; NULL if it is longer than any that was asked for. */
static const uint8_t *flatten(struct dns *dns, struct pkt *p, size_t *len)
{
	size_t at = 0;

	*len = pkt_bytes(p);
	if (p->n_pieces == 0)
		return p->data;
	if (*len > sizeof(dns->scratch))
		return NULL;
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		memcpy(dns->scratch + at, s.data, s.len);
		at += s.len;
	}
	return dns->scratch;
}

static bool uses_tcp(const struct dns_query *q)
{
	return q->wants_tcp || q->dns->stream.query == q;
}

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct dns_query *q = container_of(s, struct dns_query, socket);
	struct dns *dns = q->dns;
	size_t len;

	(void)local;
	const uint8_t *msg = flatten(dns, p, &len);
	unsigned server = server_of(q, peer);
	if (server == DNS_SERVERS_MAX)
		dns->stats.bad_source++;
	else if (msg == NULL)
		dns->stats.malformed++;
	else if (uses_tcp(q)) /* another has come before */
		dns->stats.late++;
	else
		(void)!dns_query_response(q, server, msg, len, false, now_us);
	pkt_put(p);
}

/*
 * An ICMP error about the question to the server that is being asked. That nobody is at the port
 * ends the asking of it. What else is wrong may pass (RFC 1122 section 3.2.2.1): the next server is
 * asked at once, but the next round comes when it is due.
 */
static void error_input(struct udp_socket *s, uint64_t now_us, const struct udp_peer *peer,
			enum err error, uint16_t mtu)
{
	struct dns_query *q = container_of(s, struct dns_query, socket);
	const struct dns *dns = q->dns;

	(void)mtu;
	if (peer->port != DNS_PORT || !ip_addr_equal(&dns->server[q->server], &peer->addr) ||
	    uses_tcp(q))
		return;
	if (error == ERR_REFUSED)
		dns_query_failed(q, q->server, error, now_us);
	else if (q->server + 1 < dns->n_servers)
		wake_at(q, now_us);
}

/* The id and the letters (RFC 5452 sections 4.2 and 9.2); the port is drawn by udp_open(). */
static enum err draw(struct dns *dns, struct dns_question *question)
{
	enum { RANDOM_BYTES = 2 + 32 };
	const uint8_t *random = dns->scratch;

	enum err e = rng_read(dns->rng, dns->scratch, RANDOM_BYTES);
	if (e != OK)
		return e;
	memcpy(&question->id, random, sizeof(question->id));
	dns_name_mix_case(&question->name, random + 2);
	return OK;
}

static enum err prepare(struct dns_query *q)
{
	enum err e = draw(q->dns, &q->question);
	return e != OK ? e : udp_open(q->dns->udp, &q->socket);
}

enum err dns_query_open(struct dns *dns, const struct dns_name *name, uint16_t type,
			uint64_t now_us, struct dns_query **out)
{
	if (dns->n_servers == 0)
		return ERR_NOTREADY;
	struct dns_query *q = pool_get(&dns->pool);
	if (q == NULL) {
		dns->stats.out_of_memory++;
		return ERR_NOMEM;
	}
	memset(q, 0, sizeof(*q));
	q->dns = dns;
	q->socket.input = input;
	q->socket.error = error_input;
	q->question.type = type;
	q->question.edns = true;
	q->question.name = *name;
	q->error = ERR_TIMEOUT;
	enum err e = prepare(q);
	if (e != OK) {
		pool_put(&dns->pool, q);
		return e;
	}
	list_init(&q->requests);
	list_push_back(&dns->queries, &q->node);
	wake_at(q, now_us);
	*out = q;
	return OK;
}

static void leave_stream(struct dns_query *q)
{
	if (q->dns->stream.query == q)
		q->dns->stream_stop(q->dns);
	q->wants_tcp = false;
}

void dns_query_restart(struct dns_query *q, uint64_t now_us)
{
	leave_stream(q);
	q->tries = q->server = q->asked = q->failed = 0;
	q->error = ERR_TIMEOUT;
	wake_at(q, now_us);
}

void dns_query_close(struct dns_query *q)
{
	struct dns *dns = q->dns;

	assert(list_empty(&q->requests));
	leave_stream(q);
	udp_close(dns->udp, &q->socket);
	list_remove(&q->node);
	pool_put(&dns->pool, q);
}

/* Chooses the next server; false when all have been asked often enough. */
static bool next_server(struct dns_query *q)
{
	unsigned n = q->dns->n_servers;

	while (q->tries < n * DNS_ROUNDS) {
		q->server = (uint8_t)(q->tries++ % n);
		if ((q->failed & 1u << q->server) == 0)
			return true;
	}
	return false;
}

static enum err send(struct dns_query *q, uint64_t now_us)
{
	struct dns *dns = q->dns;
	const struct udp_peer to = {.addr = dns->server[q->server], .port = DNS_PORT};
	struct pkt *p = pkt_alloc_message(dns->tx, DNS_QUERY_BYTES_MAX);

	if (p == NULL)
		return ERR_NOMEM;
	p->len = (uint32_t)dns_msg_emit(&q->question, p->data);
	return udp_send_or_put(dns->udp, &q->socket, now_us, p, &to);
}

/*
 * A server that gives the letters back otherwise than it got them is never heard; the last question
 * has them small, which most would leave.
 */
static void ask(struct dns_query *q, uint64_t now_us)
{
	struct dns *dns = q->dns;
	unsigned round = (q->tries - 1u) / dns->n_servers;

	if (round == DNS_ROUNDS - 1)
		dns_name_to_lower(&q->question.name);
	q->asked |= (uint8_t)(1u << q->server);
	enum err e = send(q, now_us);
	if (e == OK)
		dns->stats.sent++;
	else
		dns->stats.unsent++;
	q->due_us = now_us + ((uint64_t)US_PER_S << round);
	if (e == ERR_UNREACHABLE)
		dns_query_failed(q, q->server, e, now_us);
}

void dns_query_run(struct dns_query *q, uint64_t now_us)
{
	leave_stream(q);
	if (next_server(q))
		ask(q, now_us);
	else
		dns_finish(q, q->error, NULL, 0);
}

void dns_query_failed(struct dns_query *q, unsigned server, enum err error, uint64_t now_us)
{
	q->failed |= (uint8_t)(1u << server);
	q->error = error;
	if (server == q->server)
		wake_at(q, now_us);
}

/* An old server may not know EDNS (RFC 6891 section 7): it is asked without. */
static void refused(struct dns_query *q, unsigned server, enum dns_rcode rcode, uint64_t now_us)
{
	if (!q->question.edns || (rcode != DNS_FORMERR && rcode != DNS_NOTIMP)) {
		dns_query_failed(q, server, rcode == DNS_REFUSED ? ERR_REFUSED : ERR_IO, now_us);
		return;
	}
	q->question.edns = false;
	q->tries--;
	wake_at(q, now_us);
}

static void truncated(struct dns_query *q, unsigned server, uint64_t now_us)
{
	if (q->dns->stream_start == NULL || q->dns->stream.query == q) {
		dns_query_failed(q, server, ERR_UNSUPPORTED, now_us);
		return;
	}
	q->server = (uint8_t)server;
	q->wants_tcp = true;
	wake_at(q, now_us + DNS_TCP_US);
}

bool dns_query_response(struct dns_query *q, unsigned server, const uint8_t *msg, size_t len,
			bool cut, uint64_t now_us)
{
	struct dns *dns = q->dns;
	struct dns_answer answer;

	if (!dns_msg_matches(&q->question, msg, len)) {
		dns->stats.bad_question++;
		return false;
	}
	if (dns_msg_parse(&q->question, msg, len, cut, &answer) != OK) {
		dns->stats.malformed++;
		return false;
	}
	/* Without an answer or anybody to ask it is no server for us (RFC 2308 section 2.2). */
	bool lame = answer.count == 0 && !answer.may_cache && !answer.recursion_available;
	if (answer.truncated) {
		truncated(q, server, now_us);
	} else if (answer.rcode != DNS_NOERROR && answer.rcode != DNS_NXDOMAIN) {
		refused(q, server, answer.rcode, now_us);
	} else if (answer.rcode == DNS_NOERROR && lame) {
		dns_query_failed(q, server, ERR_REFUSED, now_us);
	} else {
		dns_cache_store(&dns->cache, &q->question, &answer, now_us);
		dns_finish(q, ERR_NOTFOUND, answer.address, answer.count);
	}
	return true;
}
