/* SPDX-License-Identifier: ISC */
/*
 * What a connection sends, and when.
 *
 * Output runs once a connection and poll, after everything that arrived and was written. So small
 * writes of one batch leave in one segment without the Nagle algorithm, which is therefore off
 * unless asked for (section 3.7.4 lets an application turn it off): what is left of a batch goes
 * out at once.
 */
#include "net/tcp/input.h"

#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

/* --- one segment ----------------------------------------------------------------------------- */

/* SACK blocks have what the payload leaves of the MSS, if that is enough for all. */
static bool blocks_fit(const struct tcp_conn *c, const struct pkt *p)
{
	return pkt_bytes(p) + 4 + TCP_SACK_BLOCKS * sizeof(struct tcp_range) <= c->snd.mss;
}

ALWAYS_INLINE bool was_beside(const struct tcp_conn *c)
{
	return conn_has_sack(c) && (conn_has_gap(c) || conn_was_twice(c));
}

/* Marks of congestion, and with SACK what has arrived beside RCV.NXT. */
static NOINLINE void tell_news(struct tcp_conn *c, const struct pkt *p, uint32_t seq,
			       struct tcp_news *news)
{
	news->flags = 0;
	news->ect = false;
	news->blocks = 0;
	if (conn_has_ecn(c)) {
		news->ect = pkt_bytes(p) > 0 && seq == c->snd.max && !c->persisting;
		news->flags = tcp_ecn_flags(c, news->ect);
	}
	if (was_beside(c) && blocks_fit(c, p))
		news->blocks = (uint8_t)tcp_sack_blocks(c, news->block);
}

/* Sends p with the connection's acknowledgement and window. */
static enum err send(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t bytes,
		     uint32_t seq, uint8_t flags)
{
	struct tcp_news told, *news = NULL;
	uint16_t window = tcp_recv_announce(c);

	if (UNLIKELY(!c->plain) && (conn_has_ecn(c) || was_beside(c))) {
		news = &told;
		tell_news(c, p, seq, news);
	}
	enum err e = tcp_segment_send_of(c, now_us, p, bytes, seq, flags, window, news);
	if (e != OK)
		return e;
	if (UNLIKELY(news != NULL && news->blocks > 0))
		c->twice.end = c->twice.start;
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

/* Accounts for `span` sequence numbers at `seq` that went out: clock, timer, counters. */
static void sent(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t span)
{
	uint32_t end = seq + span;

	if (UNLIKELY(seq_lt(seq, c->snd.max))) {
		if (conn_has_mtu_probe(c))
			tcp_plpmtud_resent(c, seq, end);
		/* Karn (RFC 6298 section 3), and what was sent later waits for the hole. */
		c->rto.timing = false;
		COUNT(c->tcp->stats.retransmits);
		c->snd.max = seq_max(c->snd.max, end);
	} else {
		rto_time(&c->rto, end, now_us);
		COUNT_BY(c->tcp->stats.bytes_out, span);
		c->snd.max = end;
	}
	if (conn_has_board(c))
		tcp_board_sent(c, now_us, seq, end);
	c->sent_ms = tcp_ts_clock(now_us);
}

/* Where a segment's bytes begin in the send queue. */
struct run {
	const struct tcp_slice *slice;
	uint32_t off;
};

/* Puts up to `len` bytes of the run into the empty packet p; returns how many. */
static uint32_t gather(const struct tcp_conn *c, struct pkt *p, struct run from, uint32_t len)
{
	bool pieces = (netif_features_of(c->features) & NETIF_SG) != 0;

	/* As nearly always: all in one slice, and more than is copied. */
	if (pieces && len > TCP_COPY_BYTES && len <= from.slice->len - from.off) {
		pkt_add_first_piece(p, (struct slice){.data = from.slice->data + from.off,
						      .len = len,
						      .owner = from.slice->owner});
		return len;
	}
	return tcp_send_gather(p, from.slice, from.off, len, pieces);
}

/*
 * Sends up to `span` numbers from `seq` on, whose bytes begin at `from`; what is beyond the last
 * byte is the FIN. Returns how many went: fewer if the packet could not take all, and then no FIN;
 * or an error.
 */
HOT(output)
static ssize_t send_run(struct tcp_conn *c, uint64_t now_us, uint32_t seq, struct run from,
			uint32_t span)
{
	uint32_t len = MIN(span, c->snd.end - seq), n = 0;
	uint8_t flags = TCP_ACK;
	struct pkt *p = pkt_alloc(c->tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	if (len > 0) {
		n = gather(c, p, from, len);
		if (n > c->snd.mss && seq + n != c->snd.end) {
			n -= n % c->snd.mss; /* no short segment amid the stream */
			pkt_trim(p, n);
		}
		if (seq + n == c->snd.end)
			flags |= TCP_PSH; /* section 3.9.1.2: the last of what was written */
	}
	if (n == len && len < span)
		flags |= TCP_FIN;
	enum err e = send(c, now_us, p, n, seq, flags);
	if (e != OK)
		return e;
	n += (flags & TCP_FIN) != 0;
	if (n > 0)
		sent(c, now_us, seq, n);
	return n;
}

/* A segment without bytes. */
static enum err send_ack(struct tcp_conn *c, uint64_t now_us)
{
	return (enum err)send_run(c, now_us, bare_seq(c), (struct run){0}, 0);
}

/* --- what may be sent ------------------------------------------------------------------------ */

static uint32_t unsent(const struct tcp_conn *c)
{
	int32_t bytes = (int32_t)(c->snd.end - c->snd.nxt); /* NXT may be behind the FIN */
	return bytes > 0 ? (uint32_t)bytes : 0;
}

/* The FIN has its turn when NXT stands at it. */
ALWAYS_INLINE bool fin_unsent(const struct tcp_conn *c)
{
	return c->fin_queued && seq_le(c->snd.nxt, c->snd.end);
}

/* The most bytes for one packet: several segments' worth where the device cuts them. */
static uint32_t burst_max(const struct tcp_conn *c)
{
	bool v4 = inet_is_v4(&c->ep.tuple.remote);
	uint32_t needs = NETIF_CSUM_TX | NETIF_SG | (v4 ? NETIF_TSO4 : NETIF_TSO6);

	if ((netif_features_of(c->features) & needs) != needs || c->tso_bytes < c->snd.mss ||
	    c->cwr_due) /* which is for one segment */
		return c->snd.mss;
	uint32_t max = MIN(c->tso_bytes, (uint32_t)UINT16_MAX - 2 * TCP_HEADER_MAX);
	return max - max % c->snd.mss;
}

static uint32_t left_of(uint32_t window, uint32_t used)
{
	return window > used ? window - used : 0;
}

/*
 * How much of the `all` bytes not sent yet to send next, in one packet; *fin: the FIN behind them.
 * 0 without it: nothing may go now.
 */
static uint32_t plan(const struct tcp_conn *c, uint32_t all, bool *fin)
{
	uint32_t cwnd = cc_window(&c->cc, c->snd.mss);
	uint32_t flight = c->snd.nxt - c->snd.una, pipe = flight;

	*fin = false;
	/* As nearly always of a response: all there is, in one segment, into open windows. */
	if (LIKELY(all <= c->snd.mss && flight + all <= MIN(c->snd.wnd, cwnd) && c->plain &&
		   !c->nagle))
		return all;
	if (UNLIKELY(conn_has_board(c))) /* less is in flight than it seems */
		pipe = tcp_sack_pipe(c);
	uint32_t room = MIN(left_of(c->snd.wnd, flight), left_of(cwnd, pipe)), n = MIN(all, room);
	uint32_t len = n > c->snd.mss ? MIN(n, burst_max(c)) : n;

	*fin = fin_unsent(c) && len == all && room > n;
	/* Sender's silly window avoidance (section 3.8.6.2.1): a full segment, or all there is, or
	 * a good part of the peer's window; else the probe timer decides. */
	if (n == all) {
		bool waits = c->nagle && n < c->snd.mss && flight > 0 && !c->fin_queued;
		return waits ? 0 : len; /* section 3.7.4 */
	}
	return n >= c->snd.mss || n >= c->snd.wnd_max / 2 ? len : 0;
}

/* --- the stream ------------------------------------------------------------------------------ */

/* Moves NXT by `span`, of which what is beyond the `all` bytes not sent yet is the FIN. */
static inline void advance(struct tcp_conn *c, uint32_t span, uint32_t all)
{
	tcp_send_advance(c, MIN(span, all));
	c->snd.nxt += span;
}

/* Sends what it can of the `all` bytes not sent yet, and the FIN. */
static enum err send_new(struct tcp_conn *c, uint64_t now_us, uint32_t all)
{
	while (all > 0 || fin_unsent(c)) {
		bool fin;
		uint32_t len = plan(c, all, &fin);
		if (len == 0 && !fin)
			break;
		struct run from = {c->snd.at, c->snd.at_off};
		ssize_t span = send_run(c, now_us, c->snd.nxt, from, len + fin);
		if (span < 0)
			return (enum err)span;
		advance(c, (uint32_t)span, all);
		all -= MIN((uint32_t)span, all);
	}
	c->cc.limited = all > 0 && cc_window(&c->cc, c->snd.mss) < c->snd.wnd;
	return OK;
}

/*
 * The segment of `len` bytes at `seq` by itself, without moving NXT: a retransmission, or the probe
 * of a closed window. `fin` behind the last byte.
 */
static ssize_t send_at(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t len, bool fin)
{
	struct run from = {c->snd.head, seq - c->snd.una};
	uint32_t left = left_of(c->snd.bytes, from.off);

	for (; from.slice != NULL && from.off >= from.slice->len; from.slice = from.slice->next)
		from.off -= from.slice->len;
	len = MIN(len, left);
	return send_run(c, now_us, seq, from, len + (fin && len == left));
}

ssize_t tcp_output_at(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t len)
{
	bool fin = c->fin_queued && seq_gt(c->snd.max, c->snd.end);
	return send_at(c, now_us, seq, len, fin);
}

enum err tcp_output_sized(struct tcp_conn *c, uint64_t now_us, uint32_t len)
{
	struct run from = {c->snd.at, c->snd.at_off};
	uint16_t mss = c->snd.mss;

	c->snd.mss = (uint16_t)len;
	ssize_t span = send_run(c, now_us, c->snd.nxt, from, len);
	c->snd.mss = mss;
	if (span < 0)
		return (enum err)span;
	advance(c, (uint32_t)span, unsent(c));
	return OK;
}

/* What is lost: by SACK, or the segment at UNA. */
static enum err send_lost(struct tcp_conn *c, uint64_t now_us)
{
	if (conn_has_board(c))
		return tcp_sack_output(c, now_us);
	uint32_t len = MIN((uint32_t)c->snd.mss, c->snd.max - c->snd.una);
	ssize_t span = tcp_output_at(c, now_us, c->snd.una, len);
	if (span < 0)
		return (enum err)span;
	c->snd.resend = false;
	return OK;
}

/*
 * What a small window lets through is sent after a while (section 3.8.6.2.1, (4)), and is in flight
 * like any other segment. Into a closed one goes a byte (section 3.8.6.1), which is not: the peer
 * may have no room for it.
 */
static enum err send_probe(struct tcp_conn *c, uint64_t now_us)
{
	if (!c->probe_due || c->snd.nxt != c->snd.una)
		return OK;
	if (unsent(c) == 0 && !fin_unsent(c)) { /* taken while the device had no room for this */
		c->probe_due = false;
		return OK;
	}
	uint32_t len = MIN(MAX(c->snd.wnd, 1u), (uint32_t)c->snd.mss);
	ssize_t span = send_at(c, now_us, c->snd.una, len, c->fin_queued);
	if (span < 0)
		return (enum err)span;
	c->probe_due = false;
	if (c->snd.wnd > 0)
		advance(c, (uint32_t)span, unsent(c));
	return OK;
}

/*
 * The time until the retransmission timer runs out, or before it the tail loss probe's (RFC 8985
 * section 7.2). That has to wait for a delayed acknowledgement when a single segment is in flight:
 * then it would not come before.
 */
static uint32_t interval_us(struct tcp_conn *c)
{
	uint32_t rto_us = rto_interval_us(&c->rto), probe_us;

	c->timer = TCP_TIMER_RTO;
	if (!conn_has_sack(c) || c->snd.max - c->snd.una <= c->snd.mss || conn_has_board(c) ||
	    c->snd.nxt != c->snd.max || c->cc.recovery || conn_was_probed(c) ||
	    c->rto.retries > 0 || !c->rto.measured)
		return rto_us;
	probe_us = MAX(2 * c->rto.srtt_us, (uint32_t)TCP_PROBE_MIN_US);
	if (probe_us >= rto_us)
		return rto_us;
	c->timer = TCP_TIMER_PROBE;
	return probe_us;
}

/* With nothing in flight, data that the peer's window holds back makes the window be probed.
 * Whether there is something to set the timer for. */
static bool set_persisting(struct tcp_conn *c, bool flying)
{
	bool waiting = !flying && (unsent(c) > 0 || fin_unsent(c));

	if (c->persisting != waiting) {
		c->persisting = waiting;
		c->plain = false;
		c->probe_due = false;
		c->rto.backoff = 0;
		c->rexmit_us = TIME_NEVER;
	}
	if (!flying && !waiting)
		c->rexmit_us = TIME_NEVER;
	return flying || waiting;
}

/* One timer is enough: what is in flight is retransmitted, else a closed window probed. */
static void set_rexmit(struct tcp_conn *c, uint64_t now_us)
{
	bool flying = c->snd.nxt != c->snd.una;

	if (UNLIKELY(!flying || c->persisting) && !set_persisting(c, flying))
		return;
	if (c->rexmit_us == TIME_NEVER)
		c->rexmit_us = now_us + interval_us(c);
}

/* Whether nothing was sent for longer than the RTO, which is never less than its minimum. */
static bool was_idle(const struct tcp_conn *c, uint64_t now_us)
{
	uint32_t idle_ms = tcp_ts_clock(now_us) - c->sent_ms;

	return idle_ms > RTO_MIN_US >> 10 && idle_ms > rto_interval_us(&c->rto) >> 10;
}

/* What a tail loss probe goes by. */
struct before {
	uint32_t max, cwnd; /* SND.MAX and the congestion window */
};

/* Of a connection that is not plain, what goes before anything new. */
static enum err send_old(struct tcp_conn *c, uint64_t now_us, struct before *before)
{
	enum err e = c->snd.resend || conn_has_board(c) ? send_lost(c, now_us) : OK;
	if (e == OK && conn_doubts_mtu(c))
		e = tcp_plpmtud_output(c, now_us);
	*before = (struct before){c->snd.max, c->cc.cwnd};
	/* The probe is a segment more than the congestion window lets through. */
	if (e == OK && conn_probe_is_due(c))
		c->cc.cwnd = MAX(before->cwnd, c->snd.max - c->snd.una + c->snd.mss);
	return e;
}

/* And what goes behind it; `e` is what came of that. */
static enum err send_rest(struct tcp_conn *c, uint64_t now_us, const struct before *before,
			  enum err e)
{
	if (conn_probe_is_due(c)) {
		c->cc.cwnd = before->cwnd;
		if (e == OK)
			e = tcp_sack_probe(c, now_us, before->max);
	}
	if (e == OK)
		e = send_probe(c, now_us);
	while (e == OK && c->rcv.dup_acks > 0) {
		e = send_ack(c, now_us);
		c->rcv.dup_acks -= e == OK;
	}
	return e;
}

/* --- SYN and RST ----------------------------------------------------------------------------- */

static enum err send_syn(struct tcp_conn *c, uint64_t now_us)
{
	struct tcp_header h = {
		.flags = TCP_SYN,
		.seq = c->snd.iss,
		.window = tcp_syn_window(c->tcp, c->rcv.mss_max),
		.options.mss = c->rcv.mss_max,
	};
	struct tcp_options *o = &h.options;

	tcp_ts_put(&h, &c->ts, now_us);
	if (c->state == TCP_SYN_RECEIVED) {
		h.flags |= TCP_ACK;
		h.ack = c->rcv.nxt;
		o->has_scale = c->peer_scales;
		o->sack = conn_has_sack(c);
		o->has_ts = conn_has_ts(c);
	} else {
		o->has_scale = o->has_ts = true;
		o->sack = c->tcp->config->sack;
		/* RFC 3168 section 6.1.1.1: without it if the first is lost, lest it be for that.
		 */
		if (c->tcp->config->ecn == TCP_ECN_ON && !c->syn_lost)
			h.flags |= TCP_ECE | TCP_CWR;
	}
	enum err e = tcp_segment_send(c->tcp, now_us, &c->ep.tuple, &h, &c->way);
	if (e != OK)
		return e;
	if (c->syn_lost)
		COUNT(c->tcp->stats.retransmits);
	else
		c->rto.timed_us = (uint32_t)now_us;
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
	struct tcp_header h = {.flags = TCP_RST | TCP_ACK, .seq = bare_seq(c), .ack = c->rcv.nxt};

	tcp_ts_put(&h, &c->ts, now_us);
	enum err e = tcp_segment_send(c->tcp, now_us, &c->ep.tuple, &h, &c->way);
	if (e == OK)
		tcp_conn_free(c);
	return e;
}

static enum err output_stream(struct tcp_conn *c, uint64_t now_us)
{
	struct before before = {0};
	uint32_t all = unsent(c);

	if (all > 0 && c->snd.una == c->snd.max && was_idle(c, now_us))
		cc_idle(&c->cc, c->snd.mss);
	enum err e = OK;
	if (UNLIKELY(!c->plain)) {
		e = send_old(c, now_us, &before);
		all = unsent(c);
	}
	if (e == OK) {
		e = send_new(c, now_us, all);
		if (UNLIKELY(!c->plain))
			e = send_rest(c, now_us, &before, e);
	}
	if (e == OK && c->ack_now)
		e = send_ack(c, now_us);
	if (e == OK)
		set_rexmit(c, now_us);
	if (UNLIKELY(!c->plain)) /* or not any more */
		tcp_predict(c);
	tcp_conn_arm(c);
	return e;
}

static enum err output_handshake(struct tcp_conn *c, uint64_t now_us)
{
	enum err e = output_syn(c, now_us);
	tcp_conn_arm(c);
	return e;
}

enum err tcp_conn_output(struct tcp_conn *c, uint64_t now_us)
{
	if (UNLIKELY(!c->plain)) {
		if (c->rst_due)
			return output_reset(c, now_us);
		if (c->watch_us == TIME_NEVER)
			tcp_conn_watch(c, now_us);
		if (tcp_parts.connect && (c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED))
			return output_handshake(c, now_us);
	}
	return output_stream(c, now_us);
}
