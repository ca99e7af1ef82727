/* SPDX-License-Identifier: ISC */
/*
 * The way in: what a segment that has arrived does to its connection (RFC 9293 section 3.10.7), in
 * the steps of input.c, ack.c, predict.c and ecn.c. For the files of net/tcp.
 */
#ifndef NET_TCP_INPUT_H
#define NET_TCP_INPUT_H

#include "net/tcp/tcp_internal.h"

void tcp_input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta);
void tcp_error(void *self, uint64_t now_us, const struct ip_meta *meta, const uint8_t *transport,
	       uint32_t len, enum err error, uint16_t mtu);
/* Header prediction (predict.c). True: the segment was nothing but what the connection waits for,
 * and has been taken, with its packet. */
bool tcp_predicted(struct tcp_conn *c, uint64_t now_us, struct pkt *p);
/* Sets c->plain by the connection's state, for segments from now on. */
void tcp_predict(struct tcp_conn *c);
/* SND.UNA < SEG.ACK =< SND.NXT: bytes, and perhaps the FIN, have arrived there. `echo` is the
 * segment's TSecr, where there are timestamps; `blocks`: it has SACK blocks. */
void tcp_conn_new_ack(struct tcp_conn *c, uint64_t now_us, uint32_t ack, uint32_t echo,
		      bool blocks);

/* The window that the peer offers in a segment that is newer than the one that last did. */
static inline void tcp_conn_set_window(struct tcp_conn *c, uint32_t seq, uint32_t ack,
				       uint16_t window)
{
	c->snd.wnd = (uint32_t)window << c->snd.scale;
	if (c->snd.wnd > c->snd.wnd_max)
		c->snd.wnd_max = c->snd.wnd;
	c->snd.wl1 = seq;
	c->snd.wl2 = ack;
}
/* The same of a segment. */
void tcp_conn_take_window(struct tcp_conn *c, const struct tcp_segment *s);
/* Section 3.10.7.4, fifth: false when the segment, or the connection, is done with. */
bool tcp_conn_ack(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s);
/* Nothing that was sent again was lost: the window is as before, and nothing more is sent again. */
void tcp_conn_undo(struct tcp_conn *c);
/* Is the segment acceptable in a window from `nxt` on (section 3.10.7.4, first)? */
bool tcp_seq_acceptable(const struct tcp_segment *s, uint32_t nxt, uint32_t window);

/* Marks of congestion that a segment carries or answers (ecn.c; RFC 3168). */
void tcp_ecn_input(struct tcp_conn *c, const struct tcp_segment *s);
/* The flags of a segment to be sent; `new`: it has bytes that were not sent before. */
uint8_t tcp_ecn_flags(struct tcp_conn *c, bool new);
/* Whether a SYN asks for ECN and may have it. */
bool tcp_ecn_wanted(const struct tcp *tcp, const struct tcp_segment *syn);

#endif
