/* SPDX-License-Identifier: ISC */
/*
 * TIME-WAIT: what is left of a connection, so that its late segments are not taken for those of a
 * new one, and its last acknowledgement can be repeated. All entries last equally long, so they
 * stand in the order of their ends.
 */
#include "net/tcp/tcp_internal.h"
#include "net/tcp/tcp_memory.h"

static struct tcp_time_wait *oldest(struct tcp *tcp)
{
	return list_entry(tcp->time_wait.next, struct tcp_time_wait, age);
}

static SELDOM void take_out(struct tcp *tcp, struct tcp_time_wait *w)
{
	tcp_table_remove(tcp, &w->ep);
	list_remove(&w->age);
}

static SELDOM void forget(struct tcp *tcp, struct tcp_time_wait *w)
{
	take_out(tcp, w);
	pool_put(&tcp->time_waits, w);
}

/* An entry, what is in it undefined: the oldest one when all are in use; NULL: there are none. */
static struct tcp_time_wait *take_entry(struct tcp *tcp)
{
	struct tcp_time_wait *w = oldest(tcp);

	if (pool_available(&tcp->time_waits) > 0 || list_empty(&tcp->time_wait))
		return pool_get(&tcp->time_waits);
	take_out(tcp, w);
	return w;
}

static void start(struct tcp *tcp, struct tcp_time_wait *w, uint64_t now_us)
{
	list_push_back(&tcp->time_wait, &w->age);
	w->ep.deadline_us = now_us + TCP_TIME_WAIT_US;
	tcp_due(tcp, w->ep.deadline_us);
}

static void restart(struct tcp *tcp, struct tcp_time_wait *w, uint64_t now_us)
{
	list_remove(&w->age);
	start(tcp, w, now_us);
}

static SELDOM void acknowledge(struct tcp *tcp, const struct tcp_time_wait *w, uint64_t now_us,
			       uint32_t way)
{
	tcp_reply_ack(tcp, now_us, &w->ep.tuple, way, w->snd_nxt, w->rcv_nxt, w->window, &w->ts);
}

void tcp_time_wait_enter(struct tcp_conn *c, uint64_t now_us, bool ack)
{
	struct tcp *tcp = c->tcp;

	struct tcp_time_wait *w = take_entry(tcp);
	if (w != NULL) {
		tcp_table_remove(tcp, &c->ep);
		tcp_table_insert(tcp, &w->ep, TCP_TIME_WAIT, &c->ep.tuple, c->ep.hash);
		w->snd_nxt = c->snd.max;
		w->rcv_nxt = c->rcv.nxt;
		w->window = tcp_recv_announce(c);
		w->denied = false;
		if (tcp_parts.timestamps)
			w->ts = c->ts;
		start(tcp, w, now_us);
		if (ack)
			acknowledge(tcp, w, now_us, c->way);
	}
	tcp_conn_end(c, OK);
}

/* Section 3.6.1, RFC 6191 section 2: the SYN is from after the old connection. */
static bool is_newer(const struct tcp_time_wait *w, const struct tcp_segment *s)
{
	if (tcp_parts.timestamps && w->ts.on && s->options.has_ts && s->ts != w->ts.recent)
		return seq_gt(s->ts, w->ts.recent);
	return seq_gt(s->seq, w->rcv_nxt);
}

/*
 * A SYN that does not look newer gets the acknowledgement that is due (RFC 5961 section 4.2). A
 * peer that is connecting answers with a reset, which by itself ends nothing (RFC 1337), and sends
 * its SYN again: by then it is known to be no ghost, and is let in.
 */
static bool is_persistent(struct tcp_time_wait *w, const struct tcp_segment *s)
{
	if (w->denied && w->syn_seq == s->seq)
		return true;
	w->syn_seq = s->seq;
	w->denied = false;
	return false;
}

static void reset_arrived(struct tcp_time_wait *w, const struct tcp_segment *s)
{
	/* What a reset carries that answers our acknowledgement (section 3.10.7.3, first). */
	w->denied |= s->seq == w->rcv_nxt;
}

/*
 * Section 3.10.7.4 in TIME-WAIT. A SYN from after all that the old connection received may open a
 * new one, whose numbers begin beyond the old ones.
 */
bool tcp_time_wait_input(struct tcp *tcp, struct tcp_time_wait *w, uint64_t now_us,
			 const struct tcp_segment *s, uint32_t *iss_min)
{
	if ((s->flags & TCP_RST) != 0) {
		reset_arrived(w, s);
		return true; /* RFC 1337 section 3, fix F1: a reset does not end TIME-WAIT */
	}
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	    (is_newer(w, s) || is_persistent(w, s)) &&
	    tcp_listener_find(tcp, w->ep.tuple.local_port) != NULL) {
		*iss_min = w->snd_nxt + UINT16_MAX;
		forget(tcp, w);
		return false;
	}
	/* Section 3.10.7.4, eighth: the peer has not seen our acknowledgement of its FIN. */
	if ((s->flags & TCP_FIN) != 0 && s->seq + s->span == w->rcv_nxt)
		restart(tcp, w, now_us);
	else if ((s->span == 0 && s->seq == w->rcv_nxt) || !tcp_may_challenge(tcp, &w->ep, now_us))
		return true; /* acceptable, and nothing in it to acknowledge; or too soon again */
	acknowledge(tcp, w, now_us, 0);
	return true;
}

uint64_t tcp_time_wait_expire(struct tcp *tcp, uint64_t now_us)
{
	while (!list_empty(&tcp->time_wait) && oldest(tcp)->ep.deadline_us <= now_us)
		forget(tcp, oldest(tcp));
	return list_empty(&tcp->time_wait) ? TIME_NEVER : oldest(tcp)->ep.deadline_us;
}
