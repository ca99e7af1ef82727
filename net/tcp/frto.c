/* SPDX-License-Identifier: ISC */
/*
 * Whether a timeout came too early, with a peer that echoes no timestamps (F-RTO, RFC 5682).
 *
 * A timeout sends one segment again. When that is acknowledged the rest is not sent again at once,
 * but up to two new segments are: if the next acknowledgement moves on, it is for something that
 * was sent once only and has arrived, so nothing was lost but time. If it is a duplicate, things
 * are as the timeout took them. What RACK makes of the first acknowledgement (that all is lost
 * which was sent before what was sent again) is put off until then.
 */
#include "net/tcp/input.h"
#include "net/tcp/tcp_internal.h"

enum { NEW_SEGMENTS = 2, FAILED_SEGMENTS = 3 }; /* section 2.1, steps 2 and 3 */

/* Whether there is something new to send, and a window for it. */
static bool has_news(const struct tcp_conn *c)
{
	uint32_t flight = c->snd.max - c->snd.una;
	uint32_t unsent = seq_lt(c->snd.max, c->snd.end) ? c->snd.end - c->snd.max : 0;

	return unsent > 0 && c->snd.wnd >= flight + MIN(unsent, (uint32_t)c->snd.mss);
}

/* What is in flight is not lost, as far as we know. */
static void take_as_sent(struct tcp_conn *c)
{
	c->snd.resend = false;
	if (c->board != NULL)
		tcp_board_turn(c, TCP_RUN_LOST, TCP_RUN_OUT);
	tcp_send_catch_up(c);
}

static void ask(struct tcp_conn *c)
{
	take_as_sent(c);
	uint32_t pipe = c->board != NULL ? tcp_board_bytes(c, TCP_RUN_OUT)
					 : c->snd.max - c->snd.una;
	c->cc.cwnd = pipe + NEW_SEGMENTS * c->snd.mss;
	c->rack.frto = TCP_FRTO_ASKED;
}

/* With a board RACK has seen by now what is lost. */
static void give_up(struct tcp_conn *c)
{
	if (c->rack.frto == TCP_FRTO_ASKED) {
		c->cc.cwnd = FAILED_SEGMENTS * c->snd.mss;
		c->cc.dup_acks = 0; /* which would let one more out */
		if (c->board == NULL)
			tcp_send_rewind(c);
	}
	c->rack.frto = TCP_FRTO_OFF;
}

ASIDE void tcp_frto_timeout(struct tcp_conn *c, bool first)
{
	bool repairs = c->cc.recovery || seq_lt(c->snd.una, c->cc.recover);
	bool many = c->snd.max - c->snd.una > c->snd.mss;

	c->plain = false;
	c->rack.frto = first && !repairs && many && !c->ts.on && c->board == NULL ? TCP_FRTO_BEGUN
										  : TCP_FRTO_OFF;
}

ASIDE void tcp_frto_input(struct tcp_conn *c, const struct tcp_segment *s, bool forward)
{
	if (!forward && s->ack == c->snd.una && s->span == 0) {
		give_up(c);
	} else if (forward && c->rack.frto == TCP_FRTO_ASKED) {
		c->rack.frto = TCP_FRTO_OFF;
		tcp_conn_undo(c);
	} else if (forward && seq_lt(s->ack, c->cc.recover) && has_news(c)) {
		ask(c);
	} else if (forward) {
		give_up(c);
	}
}
