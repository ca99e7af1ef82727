/* SPDX-License-Identifier: ISC */
/*
 * Replies that no endpoint remembers: resets and challenge acknowledgements, in a ring that
 * tcp_poll() empties.
 */
#include "net/tcp/tcp_internal.h"

/* In the ring, of a number that is beyond its end by less than its length: without dividing, of
 * whatever length it is. */
static unsigned place(unsigned n)
{
	if ((TCP_REPLIES_MAX & (TCP_REPLIES_MAX - 1)) == 0)
		return n % TCP_REPLIES_MAX;
	return n < TCP_REPLIES_MAX ? n : n - TCP_REPLIES_MAX;
}

SELDOM struct tcp_header *tcp_reply(struct tcp *tcp, const struct tcp_tuple *tuple, uint8_t flags,
				    uint32_t way)
{
	if (tcp->reply_used == TCP_REPLIES_MAX) {
		COUNT(tcp->stats.replies_full);
		return NULL;
	}
	struct tcp_reply *r = &tcp->reply[place(tcp->reply_first + tcp->reply_used++)];
	r->tuple = *tuple;
	r->header = (struct tcp_header){.flags = flags};
	r->way = way;
	return &r->header;
}

SELDOM void tcp_reply_ack(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			  uint32_t way, uint32_t seq, uint32_t ack, uint16_t window,
			  const struct tcp_ts *ts)
{
	struct tcp_header *h = tcp_reply(tcp, tuple, TCP_ACK, way);

	if (h == NULL)
		return;
	h->seq = seq;
	h->ack = ack;
	h->window = window;
	tcp_ts_put(h, ts, now_us);
}

void tcp_reply_reset(struct tcp *tcp, const struct tcp_tuple *tuple, const struct tcp_segment *s)
{
	bool has_ack = (s->flags & TCP_ACK) != 0;
	struct tcp_header *h = NULL;

	if ((s->flags & TCP_RST) == 0)
		h = tcp_reply(tcp, tuple, has_ack ? TCP_RST : TCP_RST | TCP_ACK, 0);
	if (h == NULL)
		return;
	if (has_ack)
		h->seq = s->ack;
	else
		h->ack = s->seq + s->span;
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
