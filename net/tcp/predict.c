/* SPDX-License-Identifier: ISC */
/*
 * Header prediction (Van Jacobson, in 4.3BSD Reno): the short way for what nearly all segments are.
 *
 * Of a connection that merely sends or receives, the next segment's fields are known beforehand but
 * for the acknowledgement, the window and the timestamps: it begins at RCV.NXT, and has ACK and
 * perhaps PSH and no other flag, and no option but timestamps where those were agreed on. Then of
 * section 3.10.7.4 there is nothing left to do but to take the acknowledgement and the text, by the
 * functions that the complete way (input.c) calls for it, too.
 *
 * That holds as long as the connection itself is in none of the states in which that way does more,
 * which tcp_predict() looks at: once after each segment that was not predicted. Between segments
 * only a few events lead into such a state (the user's shutdown, a loss, a probe); they clear
 * c->plain. So what is compared for each segment is that bit, one word and one sequence number.
 */
#include "base/bytes.h"
#include "net/tcp/input.h"
#include "net/tcp/tcp_internal.h"

void tcp_predict(struct tcp_conn *c)
{
	c->plain = c->state == TCP_ESTABLISHED && !c->rcv.has_fin && !c->ecn && !c->persisting &&
		   c->snd.board == NULL && !c->rack.probed && c->mtu_probe == 0 &&
		   c->frto == TCP_FRTO_OFF;
}

/* The timestamps, if they begin as they always do and are no older than what was seen. */
static bool take_timestamps(const struct tcp_conn *c, const uint8_t *options, struct tcp_segment *s)
{
	s->options.ts = load_be32(options + 4);
	s->options.ts_echo = load_be32(options + 8);
	return load_be32(options) == TCP_TS_HEAD && seq_ge(s->options.ts, c->ts.recent);
}

bool tcp_predicted(struct tcp_conn *c, uint64_t now_us, struct pkt *p)
{
	const uint8_t *h = p->data;
	uint32_t header = TCP_HEADER_BYTES + (c->ts.on ? TCP_TS_BYTES : 0);
	struct tcp_segment s;

	s.seq = load_be32(h + 4);
	if (!c->plain || (load_be16(h + 12) & ~TCP_PSH) != (header / 4 << 12 | TCP_ACK) ||
	    s.seq != c->rcv.nxt)
		return false;
	s.p = p;
	s.ack = load_be32(h + 8);
	s.window = load_be16(h + 14);
	s.len = (uint32_t)pkt_bytes(p) - header;
	s.blocks = 0;
	uint32_t acked = s.ack - c->snd.una;
	/* Duplicates, and what repairs what was lost after a timeout, go the complete way. */
	if (acked > c->snd.nxt - c->snd.una || s.len > conn_recv_window(c) || (acked | s.len) == 0)
		return false;
	if (c->ts.on && !take_timestamps(c, h + TCP_HEADER_BYTES, &s))
		return false;
	pkt_pull(p, header);
	c->heard_ms = tcp_ts_clock(now_us);
	if (c->ts.on && seq_le(s.seq, c->rcv.acked))
		tcp_ts_take(&c->ts, now_us, s.options.ts);
	tcp_conn_take_window(c, &s);
	tcp_pend(c->tcp, &c->ep);
	if (acked > 0)
		tcp_conn_new_ack(c, now_us, &s);
	if (s.len > 0)
		tcp_recv_arrived(c, now_us, &s);
	if (s.p != NULL)
		pkt_put(s.p);
	return true;
}
