/* SPDX-License-Identifier: ISC */
/*
 * Replies that no endpoint remembers: resets and challenge acknowledgements, in a ring that
 * tcp_poll() empties.
 */
#include "net/tcp/tcp_internal.h"

/* In the ring, of a number that is beyond its end by less than its length. */
static unsigned place(unsigned n)
{
	return n < TCP_REPLIES_MAX ? n : n - TCP_REPLIES_MAX;
}

SELDOM bool tcp_reply(struct tcp *tcp, const struct tcp_tuple *tuple, const struct tcp_header *h,
		      uint32_t way)
{
	if (tcp->reply_used == TCP_REPLIES_MAX) {
		COUNT(tcp->stats.replies_full);
		return false;
	}
	struct tcp_reply *r = &tcp->reply[place(tcp->reply_first + tcp->reply_used++)];
	r->tuple = *tuple;
	r->header = *h;
	r->way = way;
	return true;
}

void tcp_reply_ack(struct tcp *tcp, const struct tcp_endpoint *ep,
		   const struct tcp_reply_numbers *n, uint64_t now_us, const struct tcp_ts *ts)
{
	struct tcp_header h = {.flags = TCP_ACK, .seq = n->seq, .ack = n->ack, .window = n->window};

	tcp_ts_put(&h, ts, now_us);
	tcp_reply(tcp, &ep->tuple, &h, n->way);
}

void tcp_reply_reset(struct tcp *tcp, const struct tcp_tuple *tuple, const struct tcp_segment *s)
{
	struct tcp_header h = {.flags = TCP_RST, .seq = s->ack};

	if ((s->flags & TCP_RST) != 0)
		return;
	if ((s->flags & TCP_ACK) == 0) {
		h.flags = TCP_RST | TCP_ACK;
		h.seq = 0;
		h.ack = s->seq + s->span;
	}
	tcp_reply(tcp, tuple, &h, 0);
}

enum err tcp_reply_output(struct tcp *tcp, uint64_t now_us)
{
	while (tcp->reply_used > 0) {
		struct tcp_reply *r = &tcp->reply[tcp->reply_first];
		enum err e = tcp_segment_send(tcp, now_us, &r->tuple, &r->header, &r->way);
		if (e != OK)
			return e;
		tcp->reply_first = place(tcp->reply_first + 1);
		tcp->reply_used--;
	}
	return OK;
}
