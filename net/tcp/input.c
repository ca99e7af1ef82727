/* SPDX-License-Identifier: ISC */
/*
 * Segment arrives (section 3.10.7): finds the endpoint and takes the steps in the standard's order,
 * with the safeguards of RFC 5961. Nothing is sent from here.
 */
#define HOT_FILE

#include "net/tcp/input.h"
#include "base/bytes.h"
#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

/* Section 3.10.7.4, first; the four cases of the table. */
bool tcp_seq_acceptable(const struct tcp_segment *s, uint32_t nxt, uint32_t window)
{
	uint32_t span = s->span, last = s->seq + span - 1;

	/* With a closed window all text is refused, but the rest of a segment that is in its place
	 * still counts: acknowledgements and resets must get through. */
	if (window == 0)
		return s->seq == nxt;
	if (s->seq - nxt < window)
		return true;
	/* An acknowledgement may stand at the edge: a peer that has filled the window sends it from
	 * there, also while a part of what it sent is missing. */
	if (span == 0)
		return (s->flags & TCP_RST) == 0 && s->seq - nxt == window;
	return last - nxt < window;
}

/* --- SYN-SENT (section 3.10.7.3) ------------------------------------------------------------- */

static void take_syn(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	conn_heard(c, now_us);
	c->ts.on = s->options.has_ts;
	/* Section 6.1.1: a SYN,ACK has ECE alone; both are a SYN's, of a simultaneous open. */
	bool ack = (s->flags & TCP_ACK) != 0;
	c->ecn = tcp_parts.ecn && c->tcp->config->ecn == TCP_ECN_ON && !c->syn_lost && ack &&
		 (s->flags & (TCP_ECE | TCP_CWR)) == TCP_ECE;
	tcp_ts_take(&c->ts, now_us, s->ts);
	tcp_conn_take_window(c, s); /* never scaled in a SYN */
	tcp_conn_peer_options(c, &s->options);
	c->rcv.nxt = c->rcv.acked = s->seq + 1;
	c->rcv.edge = c->rcv.nxt + tcp_syn_window(c->tcp, c->rcv.mss_max);
	tcp_conn_pend(c);
}

/* Our SYN is acknowledged by the peer's. Text and FIN may have come with it. */
static void connected(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	tcp_conn_answered(c, now_us, s->ts_echo);
	c->ack_now = true;
	COUNT(c->tcp->stats.connected);
	tcp_conn_raise(c, FLOW_CONNECTED);
	s->seq++;
	s->flags &= (uint8_t)~TCP_SYN;
}

/* True: sixth to eighth are next. */
static bool syn_sent_input(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	bool ack = (s->flags & TCP_ACK) != 0;

	if (ack && s->ack != c->snd.iss + 1) { /* first */
		tcp_reply_reset(c->tcp, &c->ep.tuple, s);
		return false;
	}
	if ((s->flags & TCP_RST) != 0) { /* second: believed only with a good acknowledgement */
		if (ack) {
			COUNT(c->tcp->stats.resets_in);
			tcp_conn_end(c, ERR_REFUSED);
		} else {
			COUNT(c->tcp->stats.unexpected);
		}
		return false;
	}
	if ((s->flags & TCP_SYN) == 0) { /* fifth */
		COUNT(c->tcp->stats.unexpected);
		return false;
	}
	take_syn(c, now_us, s); /* fourth */
	if (ack) {
		connected(c, now_us, s);
	} else { /* simultaneous open (section 3.5, figure 8): our SYN once more, with an ACK */
		c->state = TCP_SYN_RECEIVED;
		c->snd.nxt = c->snd.iss;
	}
	return ack;
}

/* --- all other states (section 3.10.7.4) ----------------------------------------------------- */

/* First: a segment outside the window is answered by what we expect, and goes no further. */
static bool check_sequence(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	uint32_t span = s->span;

	if (tcp_seq_acceptable(s, c->rcv.nxt, conn_recv_window(c)))
		return true;
	/* A peer whose window probe was taken may not know it yet and be one number behind; so
	 * may this side be. Each must hear the other's acknowledgement, lest they probe in vain for
	 * ever (the simultaneous window probes of section 3.10.7.4). */
	if (s->seq + 1 == c->rcv.nxt && span <= 1 && (s->flags & (TCP_SYN | TCP_RST)) == 0) {
		if (span > 0)
			c->ack_now = true;
		else
			tcp_conn_challenge(c, now_us); /* or it asks whether this side lives */
		return true;
	}
	COUNT(c->tcp->stats.bad_sequence);
	if ((s->flags & TCP_RST) != 0)
		return false;
	if (span > 0 && seq_le(s->seq + span, c->rcv.nxt)) {
		COUNT(c->tcp->stats.duplicates);
		if (tcp_parts.sack)
			c->twice = (struct tcp_range){s->seq, s->seq + span};
		c->ack_now = true; /* our acknowledgement was lost: the peer waits for it */
		tcp_conn_pend(c);
		return false;
	}
	tcp_conn_challenge(c, now_us); /* limited, so that two sides cannot keep each other busy */
	return false;
}

/* Second, as RFC 5961 section 3.2 has it: only a reset at the very number is believed. */
static void reset_arrived(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	if (s->seq != c->rcv.nxt) {
		tcp_conn_challenge(c, now_us);
		return;
	}
	COUNT(c->tcp->stats.resets_in);
	switch ((enum tcp_state)c->state) {
	case TCP_SYN_RECEIVED:
		tcp_conn_end(c, ERR_REFUSED);
		break;
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		tcp_conn_end(c, c->snd.bytes > 0 ? ERR_RESET : OK);
		break;
	default:
		tcp_conn_end(c, ERR_RESET);
		break;
	}
}

/* The same: text or a FIN is next. */
static bool later_input(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	if (conn_has_ts(c) && !tcp_ts_check(c, now_us, s)) /* RFC 7323 section 5.3, R1 */
		return false;
	if (!check_sequence(c, now_us, s)) /* first */
		return false;
	conn_heard(c, now_us);
	if ((s->flags & TCP_RST) != 0) { /* second */
		reset_arrived(c, now_us, s);
		return false;
	}
	if ((s->flags & TCP_SYN) != 0) { /* fourth; RFC 5961 section 4.2 */
		tcp_conn_challenge(c, now_us);
		return false;
	}
	if ((s->flags & TCP_ACK) == 0) { /* fifth */
		COUNT(c->tcp->stats.unexpected);
		return false;
	}
	return tcp_conn_ack(c, now_us, s) && s->span > 0;
}

/* May free the connection. */
static void conn_input(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	bool first = tcp_parts.connect && c->state == TCP_SYN_SENT;

	c->plain = false; /* output looks what this has changed */
	/* Sixth: the urgent pointer is ignored, urgent bytes are bytes (RFC 6093 section 6). */
	if (first ? syn_sent_input(c, now_us, s) : later_input(c, now_us, s))
		tcp_recv_text(c, now_us, s); /* seventh and eighth */
}

/* --- demultiplexing -------------------------------------------------------------------------- */

/* Of no endpoint, or of one that *iss_min is left of. Returns the connection that it opens. */
static struct tcp_conn *closed_input(struct tcp *tcp, uint64_t now_us, const struct ip_meta *meta,
				     uint32_t ports, uint32_t hash, const struct tcp_segment *s,
				     const uint32_t *iss_min)
{
	const struct tcp_tuple tuple = {meta->dst, meta->src, (uint16_t)ports,
					(uint16_t)(ports >> 16)};

	if (tcp_listener_find(tcp, tuple.local_port) != NULL)
		return tcp_listen_input(tcp, now_us, &tuple, hash, s, iss_min);
	COUNT(tcp->stats.no_listener);
	tcp_reply_reset(tcp, &tuple, s); /* section 3.10.7.1 */
	return NULL;
}

/* Returns the connection whose segment it is, perhaps since now; NULL: it goes no further. */
static struct tcp_conn *find_conn(struct tcp *tcp, uint64_t now_us, const struct ip_meta *meta,
				  uint32_t ports, uint32_t hash, struct tcp_endpoint *ep,
				  const struct tcp_segment *s)
{
	uint32_t snd_nxt, *iss_min = NULL;

	if (ep != NULL && ep->kind == TCP_CONN)
		return conn_of(ep);
	if (ep != NULL && ep->kind == TCP_HALF_OPEN)
		return tcp_half_open_input(tcp, container_of(ep, struct tcp_half_open, ep), now_us,
					   s);
	if (ep != NULL) {
		struct tcp_time_wait *w = container_of(ep, struct tcp_time_wait, ep);
		iss_min = &snd_nxt;
		if (tcp_time_wait_input(tcp, w, now_us, s, iss_min))
			return NULL;
	}
	return closed_input(tcp, now_us, meta, ports, hash, s, iss_min);
}

/* The complete way, for what was not predicted. Given the packet. */
static NOINLINE void segment_input(struct tcp *tcp, uint64_t now_us, struct pkt *p,
				   const struct ip_meta *meta, uint32_t hash,
				   struct tcp_endpoint *ep)
{
	uint32_t ports = load_be32(p->data);
	struct tcp_conn *c = NULL;
	struct tcp_segment s;

	if (tcp_segment_parse(p, meta, &s))
		c = find_conn(tcp, now_us, meta, ports, hash, ep, &s);
	else
		COUNT(tcp->stats.bad_header);
	if (c != NULL)
		conn_input(c, now_us, &s);
	if (s.p != NULL)
		pkt_put(s.p);
}

HOT(input) void tcp_input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct tcp *tcp = self;
	uint32_t hash;

	COUNT(tcp->stats.segments_in);
	if (UNLIKELY(!tcp_segment_check(tcp, p, meta))) {
		pkt_put(p);
		return;
	}
	struct tcp_endpoint *ep =
		tcp_table_find(tcp, &meta->dst, &meta->src, load_be32(p->data), &hash);
	if (ep == NULL || ep->kind != TCP_CONN || !tcp_predicted(conn_of(ep), now_us, p))
		segment_input(tcp, now_us, p, meta, hash, ep);
}
