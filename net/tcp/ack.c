/* SPDX-License-Identifier: ISC */
/*
 * Acknowledgements that arrive: what they free, what they say of the path and of the peer's window.
 */
#include "net/tcp/input.h"

#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

/*
 * A measured round trip: by the echo of our timestamp (RFC 7323 section 4.1; appendix G on how many
 * measurements a round trip has), else by the segment that is being timed.
 */
static void measure(struct tcp_conn *c, uint64_t now_us, uint32_t echo, uint32_t flight)
{
	uint32_t rtt_us = (uint32_t)now_us - c->rto.timed_us;
	uint32_t expected = 1;

	if (conn_has_ts(c)) {
		if (!tcp_ts_rtt(c, now_us, echo, &rtt_us))
			return;
		expected += flight / (2u * c->snd.mss);
		/* After a timeout the round trip may be longer than it was, or the answer was lost
		 * to what had arrived long ago: so it is believed to be a little longer. */
		if (c->rto.retries > 0)
			rtt_us = MIN(rtt_us, c->rto.rto_us);
	} else if (!c->rto.timing || seq_lt(c->snd.una, c->rto.timed_seq)) {
		return;
	}
	c->rto.timing = false;
	rto_sample(&c->rto, rtt_us, expected);
}

/* Room, or an empty queue, that the user waits for. */
static void tell_of_room(struct tcp_conn *c)
{
	unsigned events = 0;

	if (c->want_write && !list_linked(&c->starved)) {
		uint32_t max = c->tcp->config->send_bytes;
		/* Not for every few bytes: a quarter of the queue must be free. */
		if (c->snd.bytes <= max - max / 4) {
			c->want_write = false;
			events |= FLOW_WRITABLE;
		}
	}
	if (c->want_drain && c->snd.bytes == 0) {
		c->want_drain = false;
		events |= FLOW_DRAINED;
	}
	if (events != 0)
		tcp_conn_raise(c, events);
}

void tcp_conn_undo(struct tcp_conn *c)
{
	COUNT(c->tcp->stats.spurious);
	cc_undo(&c->cc, c->snd.una);
	c->snd.resend = false;
	if (conn_has_board(c))
		tcp_sack_undo(c);
	if (!c->persisting) /* else a probe is all that is in flight */
		tcp_send_catch_up(c);
}

/*
 * Eifel detection (RFC 3522): the first acknowledgement after a retransmission shows by its echo
 * whether what was sent first has arrived. Then nothing was lost, the round trip has only become
 * longer than the timeout, or segments have overtaken each other: the window is as before, and
 * what is in flight is not sent again (RFC 4015). Without this, a timeout that came too early would
 * cause the next. The measured round trip weighs no more than others here, unlike in RFC 4015
 * section 3.3: when an acknowledgement was lost, it is as long as the timeout was.
 */
static void detect_spurious(struct tcp_conn *c, uint32_t echo)
{
	c->cc.undo = false;
	/* Nothing older than this is in flight: such an echo is none of ours. */
	if (!conn_has_ts(c) || c->resent_ts - echo - 1 > RTO_MAX_US >> 10)
		return;
	tcp_conn_undo(c);
}

HOT(input)
void tcp_conn_new_ack(struct tcp_conn *c, uint64_t now_us, uint32_t ack, uint32_t echo, bool blocks)
{
	tcp_send_release(c, MIN(ack - c->snd.una, c->snd.bytes)); /* the FIN is no byte */
	uint32_t acked = ack - c->snd.una, flight = c->snd.max - c->snd.una;
	bool behind = seq_lt(c->snd.nxt, ack), restart = true;
	c->snd.una = ack;
	if (behind)
		tcp_send_rewind(c);         /* NXT had gone back after a timeout: it catches up */
	if (c->rto.retries == 0 || !blocks) /* else a duplicate shows that an answer was lost */
		measure(c, now_us, echo, flight);
	if (UNLIKELY(c->cc.undo))
		detect_spurious(c, echo);
	rto_answered(&c->rto);
	c->snd.resend = false;
	if (cc_is_idle(&c->cc, ack, flight)) {
		cc_idle_ack(&c->cc, ack);
	} else {
		const struct cc_ack a = {.now_us = now_us,
					 .mss = c->snd.mss,
					 .srtt_us = c->rto.srtt_us,
					 .acked = acked,
					 .una = ack,
					 .max = c->snd.max};
		if (cc_new_ack(&c->cc, &a, &restart)) {
			c->snd.resend = true;
			c->plain = false;
		}
	}
	/* While persisting a probe was taken: the window's update sees what that opened. */
	if (!c->persisting && (ack == c->snd.max || restart))
		c->rexmit_us = TIME_NEVER; /* RFC 6298 (5.2), (5.3): output sets it anew */
	tell_of_room(c);
}

/* RFC 5681 section 2, definition of a duplicate acknowledgement. */
static bool is_duplicate(const struct tcp_conn *c, const struct tcp_segment *s)
{
	return s->ack == c->snd.una && c->snd.una != c->snd.max && s->span == 0 &&
	       (uint32_t)s->window << c->snd.scale == c->snd.wnd && !c->persisting;
}

SELDOM void tcp_conn_take_window(struct tcp_conn *c, const struct tcp_segment *s)
{
	tcp_conn_set_window(c, s->seq, s->ack, s->window);
}

/* What acknowledges more is newer, though it was sent again and so has an older number: else the
 * window that was would be counted from the new UNA, where nobody offered it. */
static bool has_newer_window(const struct tcp_conn *c, const struct tcp_segment *s)
{
	return seq_gt(s->ack, c->snd.wl2) || seq_ge(s->seq, c->snd.wl1);
}

/* The transitions that wait for our FIN to be acknowledged. False: the connection is over. */
static bool fin_acked(struct tcp_conn *c, uint64_t now_us)
{
	switch ((enum tcp_state)c->state) {
	case TCP_FIN_WAIT_1:
		c->state = TCP_FIN_WAIT_2;
		return true;
	case TCP_CLOSING:
		tcp_time_wait_enter(c, now_us, c->ack_now);
		return false;
	case TCP_LAST_ACK:
		tcp_conn_end(c, OK);
		return false;
	default:
		return true;
	}
}

/* SYN-RECEIVED, reached by simultaneous open. The window is taken like any later one. */
static bool syn_acked(struct tcp_conn *c, const struct tcp_segment *s)
{
	if (seq_le(s->ack, c->snd.una) || seq_gt(s->ack, c->snd.max)) {
		tcp_reply_reset(c->tcp, &c->ep.tuple, s);
		return false;
	}
	tcp_conn_established(c);
	COUNT(c->tcp->stats.connected);
	tcp_conn_raise(c, FLOW_CONNECTED);
	return true;
}

/* RFC 5961 section 5.2: SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT, or it is not genuine. */
static bool in_range(const struct tcp_conn *c, uint32_t ack)
{
	return seq_le(ack, c->snd.max) && seq_ge(ack, c->snd.una - c->snd.wnd_max);
}

bool tcp_conn_ack(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	if (tcp_parts.connect && c->state == TCP_SYN_RECEIVED && !syn_acked(c, s))
		return false;
	if (!in_range(c, s->ack)) {
		tcp_conn_challenge(c, now_us);
		return false;
	}
	/* RFC 7323 section 5.3, R3, once the acknowledgement has shown that the segment is genuine.
	 * One that begins behind what was acknowledged does not set the echo, so that a delayed
	 * acknowledgement answers the first of those that it is for. */
	if (conn_has_ts(c) && seq_le(s->seq, c->rcv.acked))
		tcp_ts_take(&c->ts, now_us, s->ts);
	uint32_t una = c->snd.una;
	bool forward = seq_gt(s->ack, una);
	if (forward) {
		tcp_conn_new_ack(c, now_us, s->ack, s->ts_echo, s->blocks > 0);
		/* A closed flow makes progress, the last time when it enters FIN-WAIT-2; there it
		 * does not stay while somebody waits for its place. */
		if (conn_orphaned(c) && c->watch_us != TIME_NEVER && c->state != TCP_FIN_WAIT_2) {
			c->watch_us = now_us;
			if (c->tcp->waiting_used == 0)
				c->watch_us += TCP_LINGER_US;
			c->lingers = 0;
		}
	}
	/* With SACK a duplicate that tells of nothing is none (RFC 6675 section 2). */
	bool known = conn_has_sack(c);
	if (known && (s->blocks > 0 || conn_has_board(c) || conn_was_probed(c)))
		known = tcp_sack_input(c, now_us, s, una);
	if (!known && !forward && is_duplicate(c, s)) {
		tcp_ts_stamp(c, now_us);
		if (cc_dup_ack(&c->cc, c->snd.mss, c->snd.una, c->snd.max))
			c->snd.resend = true;
	}
	if (c->persisting)
		c->rto.retries = 0; /* section 3.8.6.1: it answers, so it lives */
	if (seq_ge(s->ack, c->snd.una) && has_newer_window(c, s))
		tcp_conn_take_window(c, s);
	if (UNLIKELY(conn_suspects(c)))
		tcp_frto_input(c, s, forward);
	if (conn_has_mtu_probe(c) && seq_ge(c->snd.una, c->mtu_probe_end))
		tcp_plpmtud_arrived(c);
	if (conn_has_ecn(c))
		tcp_ecn_input(c, s);
	tcp_pend(c->tcp, &c->ep);
	if (c->fin_queued && c->snd.una == c->snd.end + 1)
		return fin_acked(c, now_us);
	return true;
}
