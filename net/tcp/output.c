/* SPDX-License-Identifier: ISC */
/*
 * What a connection sends, and when.
 *
 * Output runs once a connection and poll, after everything that arrived and was written. So small
 * writes of one batch leave in one segment without the Nagle algorithm, which is therefore off
 * (section 3.7.4 lets an application turn it off): what is left of a batch goes out at once.
 */
#include "net/tcp/tcp_internal.h"

/* --- one segment ----------------------------------------------------------------------------- */

/* Sends p with the connection's acknowledgement and window. */
static enum err send(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t seq,
		     uint8_t flags)
{
	const struct tcp_header h = {
		.flags = flags | TCP_ACK,
		.seq = seq,
		.ack = c->rcv.nxt,
		.window = tcp_recv_announce(c),
	};
	enum err e = tcp_segment_send(c->tcp, now_us, &c->ep.tuple, &h, p, c->route.features,
				      c->snd.mss);
	if (e != OK)
		return e;
	c->rcv.acked = c->rcv.nxt;
	c->ack_now = false;
	c->ack_us = TIME_NEVER;
	return OK;
}

/*
 * The number of a segment without bytes: behind all that the peer may have, so that it is
 * acceptable even while NXT has gone back; but not behind a probe that the peer had no room for.
 */
static uint32_t bare_seq(const struct tcp_conn *c)
{
	return c->persisting ? c->snd.nxt : c->snd.max;
}

static enum err send_ack(struct tcp_conn *c, uint64_t now_us)
{
	struct pkt *p = pkt_alloc(c->tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	return send(c, now_us, p, bare_seq(c), 0);
}

/* Accounts for `span` sequence numbers at `seq` that went out: clock, timer, counters. */
static void sent(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t span)
{
	uint32_t end = seq + span;

	if (seq_lt(seq, c->snd.max)) {
		/* Karn (RFC 6298 section 3), and what was sent later waits for the hole. */
		c->rto.timing = false;
		c->tcp->stats.retransmits++;
	} else {
		rto_time(&c->rto, end, now_us);
		c->tcp->stats.bytes_out += span;
	}
	c->snd.max = seq_max(c->snd.max, end);
	c->sent_us = now_us;
}

/* Where a segment's bytes begin in the send queue. */
struct run {
	const struct tcp_slice *slice;
	uint32_t off;
};

/*
 * Sends up to `len` bytes that begin at `from` as sequence number `seq`; `fin` behind them. *span
 * says how much went: fewer bytes if the packet could not take all, and then no FIN.
 */
static enum err send_run(struct tcp_conn *c, uint64_t now_us, uint32_t seq, struct run from,
			 uint32_t len, bool fin, uint32_t *span)
{
	uint8_t flags = 0;
	struct pkt *p = pkt_alloc(c->tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	uint32_t n =
		tcp_send_gather(p, from.slice, from.off, len, (c->route.features & NETIF_SG) != 0);
	if (n > c->snd.mss && seq + n != c->snd.end) {
		n -= n % c->snd.mss; /* no short segment amid the stream */
		pkt_trim(p, n);
	}
	if (n == len && fin)
		flags |= TCP_FIN;
	if (n > 0 && seq + n == c->snd.end)
		flags |= TCP_PSH; /* section 3.9.1.2: the last of what was written */
	enum err e = send(c, now_us, p, seq, flags);
	if (e != OK)
		return e;
	*span = n + ((flags & TCP_FIN) != 0);
	sent(c, now_us, seq, *span);
	return OK;
}

/* --- what may be sent ------------------------------------------------------------------------ */

static uint32_t unsent(const struct tcp_conn *c)
{
	return seq_lt(c->snd.nxt, c->snd.end) ? c->snd.end - c->snd.nxt : 0;
}

/* The FIN has its turn when NXT stands at it. */
static bool fin_unsent(const struct tcp_conn *c)
{
	return c->fin_queued && seq_le(c->snd.nxt, c->snd.end);
}

/* The most bytes for one packet: several segments' worth where the device cuts them. */
static uint32_t burst_max(const struct tcp_conn *c)
{
	bool v4 = ip_addr_is_v4(&c->ep.tuple.remote);
	uint32_t needs = NETIF_CSUM_TX | NETIF_SG | (v4 ? NETIF_TSO4 : NETIF_TSO6);

	if ((c->route.features & needs) != needs || c->route.tso_bytes < c->snd.mss)
		return c->snd.mss;
	uint32_t max = MIN(c->route.tso_bytes, (uint32_t)UINT16_MAX - 2 * TCP_HEADER_MAX);
	return max - max % c->snd.mss;
}

/* The next run to send from NXT on. False: nothing may go now. */
static bool plan(const struct tcp_conn *c, uint32_t *len, bool *fin)
{
	uint32_t window = MIN(c->snd.wnd, cc_window(&c->cc, c->snd.mss));
	uint32_t flight = c->snd.nxt - c->snd.una;
	uint32_t room = window > flight ? window - flight : 0;
	uint32_t left = unsent(c), n = MIN(left, room);

	*fin = fin_unsent(c) && n == left && room > left;
	*len = MIN(n, burst_max(c));
	if (*len < left)
		*fin = false;
	/* Sender's silly window avoidance (section 3.8.6.2.1): a full segment, or all there is, or
	 * a good part of the peer's window; else the probe timer decides. */
	return *fin || (n > 0 && (n == left || n >= c->snd.mss || n >= c->snd.wnd_max / 2));
}

/* --- the stream ------------------------------------------------------------------------------ */

static enum err send_new(struct tcp_conn *c, uint64_t now_us)
{
	uint32_t len, span;
	bool fin;

	while (plan(c, &len, &fin)) {
		struct run from = {c->snd.at, c->snd.at_off};
		enum err e = send_run(c, now_us, c->snd.nxt, from, len, fin, &span);
		if (e != OK)
			return e;
		uint32_t bytes = MIN(span, unsent(c));
		tcp_send_advance(c, bytes);
		c->snd.nxt += span - bytes; /* the FIN */
	}
	c->cc.limited = unsent(c) > 0 && cc_window(&c->cc, c->snd.mss) < c->snd.wnd;
	return OK;
}

/* The segment at UNA once more, by itself: fast retransmit, and the probe of a closed window. */
static enum err send_first(struct tcp_conn *c, uint64_t now_us, uint32_t len, bool fin)
{
	struct run from = {c->snd.head, 0};
	uint32_t left = c->snd.bytes, span;

	len = MIN(len, left);
	return send_run(c, now_us, c->snd.una, from, len, fin && len == left, &span);
}

static enum err resend(struct tcp_conn *c, uint64_t now_us)
{
	if (!c->resend || c->snd.una == c->snd.max)
		return OK;
	bool fin = c->fin_queued && seq_gt(c->snd.max, c->snd.end);
	uint32_t len = MIN((uint32_t)c->snd.mss, c->snd.max - c->snd.una);
	enum err e = send_first(c, now_us, len, fin);
	if (e == OK)
		c->resend = false;
	return e;
}

/* Section 3.8.6.1: what the window lets through, and one byte at least. */
static enum err send_probe(struct tcp_conn *c, uint64_t now_us)
{
	if (!c->probe_due || c->snd.nxt != c->snd.una)
		return OK;
	uint32_t len = MIN(MAX(c->snd.wnd, 1u), (uint32_t)c->snd.mss);
	enum err e = send_first(c, now_us, len, c->fin_queued);
	if (e == OK)
		c->probe_due = false;
	return e;
}

static enum err send_acks(struct tcp_conn *c, uint64_t now_us)
{
	for (; c->dup_acks > 0; c->dup_acks--) {
		enum err e = send_ack(c, now_us);
		if (e != OK)
			return e;
	}
	return c->ack_now ? send_ack(c, now_us) : OK;
}

/* One timer is enough: what is in flight is retransmitted; with nothing in flight, data that the
 * peer's window holds back makes the window be probed. */
static void set_rexmit(struct tcp_conn *c, uint64_t now_us)
{
	bool flying = c->snd.nxt != c->snd.una;
	bool waiting = unsent(c) > 0 || fin_unsent(c);

	if (c->persisting != (!flying && waiting)) {
		c->persisting = !c->persisting;
		c->probe_due = false;
		c->rto.backoff = 0;
		c->rexmit_us = TIME_NEVER;
	}
	if (!flying && !waiting)
		c->rexmit_us = TIME_NEVER;
	else if (c->rexmit_us == TIME_NEVER)
		c->rexmit_us = now_us + rto_interval_us(&c->rto);
}

static enum err output_stream(struct tcp_conn *c, uint64_t now_us)
{
	if (c->snd.una == c->snd.max && unsent(c) > 0 &&
	    now_us - c->sent_us > rto_interval_us(&c->rto))
		cc_idle(&c->cc, c->snd.mss);
	enum err e = resend(c, now_us);
	if (e == OK)
		e = send_new(c, now_us);
	if (e == OK)
		e = send_probe(c, now_us);
	if (e == OK)
		e = send_acks(c, now_us);
	if (e == OK)
		set_rexmit(c, now_us);
	return e;
}

/* --- SYN and RST ----------------------------------------------------------------------------- */

static enum err send_syn(struct tcp_conn *c, uint64_t now_us)
{
	bool answer = c->state == TCP_SYN_RECEIVED;
	struct pkt *p = pkt_alloc(c->tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	const struct tcp_header h = {
		.flags = answer ? TCP_SYN | TCP_ACK : TCP_SYN,
		.seq = c->snd.iss,
		.ack = answer ? c->rcv.nxt : 0,
		.window = (uint16_t)MIN(c->tcp->config.recv_bytes, (uint32_t)UINT16_MAX),
		.options = {.mss = tcp_announced_mss(&c->route, &c->ep.tuple),
			    .has_scale = !answer || c->snd.peer_scales,
			    .scale = c->tcp->recv_scale},
	};
	enum err e = tcp_segment_send(c->tcp, now_us, &c->ep.tuple, &h, p, 0, UINT16_MAX);
	if (e != OK)
		return e;
	if (c->syn_lost)
		c->tcp->stats.retransmits++;
	else
		c->rto.timed_us = now_us;
	c->snd.nxt = c->snd.max = c->snd.iss + 1;
	c->rexmit_us = now_us + rto_interval_us(&c->rto);
	c->ack_now = false;
	return OK;
}

static enum err output_syn(struct tcp_conn *c, uint64_t now_us)
{
	if (c->snd.nxt == c->snd.iss)
		return send_syn(c, now_us);
	return c->ack_now ? send_ack(c, now_us) : OK;
}

static enum err output_reset(struct tcp_conn *c, uint64_t now_us)
{
	struct pkt *p = pkt_alloc(c->tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	const struct tcp_header h = {
		.flags = TCP_RST | TCP_ACK, .seq = bare_seq(c), .ack = c->rcv.nxt};
	enum err e = tcp_segment_send(c->tcp, now_us, &c->ep.tuple, &h, p, 0, UINT16_MAX);
	if (e == OK)
		tcp_conn_free(c);
	return e;
}

enum err tcp_conn_output(struct tcp_conn *c, uint64_t now_us)
{
	if (c->rst_due)
		return output_reset(c, now_us);
	if (conn_orphaned(c) && c->linger_us == TIME_NEVER)
		c->linger_us = now_us + TCP_LINGER_US;
	bool syn = c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED;
	enum err e = syn ? output_syn(c, now_us) : output_stream(c, now_us);
	tcp_conn_arm(c);
	return e;
}
