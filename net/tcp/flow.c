/* SPDX-License-Identifier: ISC */
/*
 * A connection as its user sees it: the operations of hal/flow.h.
 */
#include "net/tcp/tcp_internal.h"

/* The user's connection. One that was given back is a caller's bug. */
BRIEF struct tcp_conn *owned_conn(struct flow *f)
{
	struct tcp_conn *c = container_of(f, struct tcp_conn, flow);
	assert(c->owned);
	return c;
}

/* The same, for what is done once in a connection. */
SELDOM static struct tcp_conn *conn_of_flow(struct flow *f)
{
	return owned_conn(f);
}

/* The first n slices of the packets from p on; behind the last is an empty one. */
static NOINLINE void lend(struct pkt *p, struct slice *out, unsigned n)
{
	const struct slice *end = out + n;

	for (; p != NULL && out < end; p = p->more) {
		if (LIKELY(p->len > 0))
			*out++ = pkt_slice(p, 0);
		for (unsigned i = 0; i < p->n_pieces && out < end; i++)
			*out++ = p->piece[i];
	}
	if (out < end)
		out->len = 0;
}

HOT(output) static enum err flow_op_read(struct flow *f, struct slice *out, unsigned n)
{
	struct tcp_conn *c = owned_conn(f);

	if (c->error != OK)
		return c->error;
	struct pkt *p = c->rcv.head;
	if (p == NULL) {
		if (c->eof)
			return ERR_EOF;
		return c->state == TCP_CLOSED ? ERR_CLOSED : ERR_AGAIN;
	}
	if (LIKELY(n == 1 && p->len > 0))
		*out = pkt_slice(p, 0);
	else
		lend(p, out, n);
	return OK;
}

HOT(output) static void flow_op_consume(struct flow *f, size_t bytes)
{
	tcp_recv_consume(owned_conn(f), bytes);
}

/* OK if the user may write now. */
static enum err may_write(const struct tcp_conn *c)
{
	if (LIKELY(c->plain))
		return OK;
	if (c->error != OK)
		return c->error;
	return c->fin_queued || c->state == TCP_CLOSED ? ERR_CLOSED : OK;
}

static ssize_t was_written(struct tcp_conn *c, ssize_t n)
{
	if (n > 0) {
		c->want_drain = true;
		tcp_pend(c->tcp, &c->ep);
	}
	if (n > 0 || list_linked(&c->starved))
		tcp_wake(c->tcp);
	return n;
}

HOT(output) static ssize_t flow_op_write(struct flow *f, const struct slice *slices, unsigned n)
{
	struct tcp_conn *c = owned_conn(f);
	enum err e = may_write(c);
	return e != OK ? e : was_written(c, tcp_send_write(c, slices, n));
}

static ssize_t flow_op_write_copy(struct flow *f, const void *bytes, size_t len)
{
	struct tcp_conn *c = conn_of_flow(f);
	enum err e = may_write(c);
	return e != OK ? e : was_written(c, tcp_send_copy(c, bytes, len));
}

static void flow_op_shutdown(struct flow *f)
{
	struct tcp_conn *c = conn_of_flow(f);

	if (c->state == TCP_CLOSED)
		return;
	tcp_conn_shutdown(c);
	tcp_conn_wake(c);
}

static void flow_op_abort(struct flow *f)
{
	struct tcp_conn *c = conn_of_flow(f);
	struct tcp *tcp = c->tcp;

	tcp_conn_abort(c);
	tcp_wake(tcp);
}

static void flow_op_close(struct flow *f)
{
	struct tcp_conn *c = conn_of_flow(f);
	bool unread = c->rcv.bytes > 0 || conn_has_gap(c);

	/* Nothing to end, or bytes that will never be read (section 3.6.1). */
	if (c->state == TCP_CLOSED || c->state == TCP_SYN_SENT || unread) {
		flow_op_abort(f);
		return;
	}
	tcp_conn_shutdown(c);
	c->owned = false;
	c->watch_us = TIME_NEVER; /* a keep-alive's */
	c->events = 0;
	list_remove(&c->ready);
	list_remove(&c->starved);
	tcp_conn_wake(c); /* output starts the time limit */
}

static enum err flow_op_error(struct flow *f)
{
	return conn_of_flow(f)->error;
}

static void flow_op_peer(struct flow *f, struct ip_addr *addr, uint16_t *port)
{
	const struct tcp_conn *c = conn_of_flow(f);
	*addr = c->ep.tuple.remote;
	*port = c->ep.tuple.remote_port;
}

void tcp_local(struct flow *f, struct ip_addr *addr, uint16_t *port)
{
	const struct tcp_conn *c = conn_of_flow(f);
	assert(f->ops == &tcp_flow_ops);
	*addr = c->ep.tuple.local;
	*port = c->ep.tuple.local_port;
}

void tcp_set_nodelay(struct flow *f, bool on)
{
	struct tcp_conn *c = conn_of_flow(f);

	assert(f->ops == &tcp_flow_ops);
	c->nagle = !on;
	tcp_conn_wake(c); /* something may be waiting */
}

void tcp_set_user_timeout(struct flow *f, uint16_t seconds)
{
	assert(f->ops == &tcp_flow_ops && seconds < TCP_AS_CONFIGURED);
	conn_of_flow(f)->snd.timeout_s = seconds;
}

const struct flow_ops tcp_flow_ops = {
	.read = flow_op_read,
	.consume = flow_op_consume,
	.write = flow_op_write,
	.write_copy = flow_op_write_copy,
	.shutdown = flow_op_shutdown,
	.close = flow_op_close,
	.abort = flow_op_abort,
	.error = flow_op_error,
	.peer = flow_op_peer,
};
