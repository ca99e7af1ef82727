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
	c->plain = tcp_parts.prediction && c->state == TCP_ESTABLISHED && !c->has_fin &&
		   !conn_has_ecn(c) && !c->persisting && !conn_has_board(c) &&
		   !conn_was_probed(c) && !conn_has_mtu_probe(c) && !conn_doubts_mtu(c) &&
		   !conn_suspects(c) && !c->snd.resend && c->rcv.dup_acks == 0 &&
		   !conn_has_gap(c) && !conn_was_twice(c);
}

/* Whether the timestamps begin as they always do and are no older than what was seen. */
static bool are_timestamps(const struct tcp_conn *c, const uint8_t *options)
{
	return load_be32(options) == TCP_TS_HEAD && seq_ge(load_be32(options + 4), c->ts.recent);
}

/* Whether the header is `bytes` long and has no flag but ACK and perhaps PSH. In memory order. */
static bool has_only_ack(const uint8_t *header, uint32_t bytes)
{
	uint16_t expected = __builtin_bswap16((uint16_t)(bytes / 4 << 12 | TCP_ACK));
	return (load_le16(header + 12) & (uint16_t)~__builtin_bswap16(TCP_PSH)) == expected;
}

bool tcp_predicted(struct tcp_conn *c, uint64_t now_us, struct pkt *p)
{
	const uint8_t *h = p->data, *options = h + TCP_HEADER_BYTES;
	bool ts = conn_has_ts(c);
	uint32_t header = TCP_HEADER_BYTES + (ts ? TCP_TS_BYTES : 0);
	uint32_t seq = load_be32(h + 4), ack = load_be32(h + 8), acked = ack - c->snd.una;

	if (!tcp_parts.prediction || !c->plain || p->len < header || !has_only_ack(h, header) ||
	    seq != c->rcv.nxt)
		return false;
	uint32_t len = (uint32_t)pkt_bytes(p) - header;
	/* Duplicates, and what repairs what was lost after a timeout, go the complete way. */
	if (acked > c->snd.nxt - c->snd.una || (int32_t)len > conn_recv_left(c) ||
	    (acked | len) == 0)
		return false;
	if (ts && !are_timestamps(c, options))
		return false;
	pkt_pull(p, header);
	conn_heard(c, now_us);
	if (ts && seq_le(seq, c->rcv.acked))
		tcp_ts_take(&c->ts, now_us, load_be32(options + 4));
	tcp_conn_set_window(c, seq, ack, load_be16(h + 14));
	tcp_pend(c->tcp, &c->ep);
	if (acked > 0)
		tcp_conn_new_ack(c, now_us, ack, ts ? load_be32(options + 8) : 0, false);
	if (len > 0)
		tcp_recv_next(c, now_us, p, len);
	else
		pkt_put(p);
	return true;
}
