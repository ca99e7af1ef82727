/* SPDX-License-Identifier: ISC */
/* Responses that did not fit into a datagram, over one connection at a time (RFC 7766). */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/dns/dns_internal.h"

enum { LENGTH_BYTES = 2 }; /* in front of each message: RFC 1035 section 4.2.2 */

static void stop(struct dns *dns)
{
	struct dns_stream *s = &dns->stream;

	flow_abort(s->flow); /* nothing is on its way that anybody needs */
	s->flow = NULL;
	s->query = NULL;
	waker_wake(&dns->work); /* others may wait for it */
}

static void fail(struct dns *dns, enum err error, uint64_t now_us)
{
	struct dns_query *q = dns->stream.query;

	stop(dns);
	dns_query_failed(q, q->server, error, now_us);
}

static enum err ask(struct dns *dns)
{
	uint8_t *out = dns->scratch;
	size_t len = dns_msg_emit(&dns->stream.query->question, out + LENGTH_BYTES);

	store_be16(out, (uint16_t)len);
	len += LENGTH_BYTES;
	ssize_t n = flow_write_copy(dns->stream.flow, out, len);
	if (n == (ssize_t)len)
		return OK;
	return n < 0 ? (enum err)n
		     : ERR_NOMEM; /* a new connection has room, unless memory is out */
}

/* Whether all of the message has come, or as much of it as there is room for. */
static bool is_complete(const struct dns_stream *s, bool *cut)
{
	if (s->have < LENGTH_BYTES)
		return false;
	size_t whole = LENGTH_BYTES + (size_t)load_be16(s->bytes);
	*cut = whole > s->max;
	return s->have >= MIN(whole, s->max);
}

static enum err respond(struct dns *dns, bool cut, uint64_t now_us)
{
	struct dns_stream *s = &dns->stream;
	struct dns_query *q = s->query;
	size_t len = MIN((size_t)load_be16(s->bytes), s->max - LENGTH_BYTES);

	/* It may end the query, and with it the connection. */
	bool good = dns_query_response(q, q->server, s->bytes + LENGTH_BYTES, len, cut, now_us);
	if (s->query == q && !good)
		return ERR_IO;
	if (s->query == q)
		stop(dns);
	return OK;
}

static enum err receive(struct dns *dns, uint64_t now_us)
{
	struct dns_stream *s = &dns->stream;
	struct slice in;
	bool cut;
	enum err e;

	while ((e = flow_read(s->flow, &in)) == OK) {
		size_t n = MIN(in.len, s->max - s->have);
		memcpy(s->bytes + s->have, in.data, n);
		s->have += n;
		flow_consume(s->flow, in.len);
		if (is_complete(s, &cut))
			return respond(dns, cut, now_us);
	}
	if (e == ERR_AGAIN)
		return OK;
	return e == ERR_EOF ? ERR_IO : e;
}

static void event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct dns *dns = arg;

	assert(dns->stream.flow == f);
	enum err e = (events & FLOW_FAILED) != 0 ? flow_error(f) : OK;
	if (e == OK && (events & FLOW_CONNECTED) != 0)
		e = ask(dns);
	if (e == OK && (events & FLOW_READABLE) != 0)
		e = receive(dns, now_us);
	if (e != OK)
		fail(dns, e, now_us);
}

static struct dns_query *first_waiting(const struct dns *dns)
{
	list_for_each (node, &dns->queries) {
		struct dns_query *q = list_entry(node, struct dns_query, node);
		if (q->wants_tcp)
			return q;
	}
	return NULL;
}

/* The connection goes to the first who waits for it, who has all its time from now on. */
static void start(struct dns *dns, uint64_t now_us)
{
	struct dns_stream *s = &dns->stream;
	struct dns_query *q = s->query == NULL ? first_waiting(dns) : NULL;

	if (q == NULL)
		return;
	q->wants_tcp = false;
	enum err e = tcp_connect(s->tcp, &dns->server[q->server], DNS_PORT, now_us, &s->flow);
	if (e != OK) {
		dns_query_failed(q, q->server, e, now_us);
		return;
	}
	s->flow->event = event;
	s->flow->arg = dns;
	s->query = q;
	s->have = 0;
	q->due_us = now_us + DNS_TCP_US;
	dns->stats.tcp++;
}

void dns_use_tcp(struct dns *dns, struct tcp *tcp)
{
	assert(dns->stream.max > LENGTH_BYTES + DNS_HEADER_BYTES);
	dns->stream.tcp = tcp;
	dns->stream_start = start;
	dns->stream_stop = stop;
}
