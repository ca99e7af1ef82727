/* SPDX-License-Identifier: ISC */
/*
 * Loss recovery by selective acknowledgement: from the blocks of an acknowledgement to what is sent
 * again.
 *
 * Blocks are a stranger's claims. They are taken only for bytes that are in flight, and the worst
 * that a false one does is that a lost segment is sent again later than it could be: bytes are
 * freed by the cumulative acknowledgement alone, and a second timeout in vain forgets all blocks.
 */
#include "net/tcp/sack.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

/* --- blocks (RFC 2018, RFC 2883) ------------------------------------------------------------- */

static struct tcp_range block_at(const struct tcp_segment *s, unsigned i)
{
	return (struct tcp_range){load_be32(s->block + 8 * i), load_be32(s->block + 8 * i + 4)};
}

/* RFC 2883 section 4: the first block tells of what came twice if all is acknowledged of it, or if
 * it lies in the second. What is older than a window is no news. */
static bool tells_duplicate(const struct tcp_conn *c, const struct tcp_segment *s)
{
	if (s->blocks == 0)
		return false;
	struct tcp_range r = block_at(s, 0);
	if (seq_ge(r.start, r.end) || seq_lt(r.start, c->snd.una - c->snd.wnd_max))
		return false;
	if (seq_le(r.end, s->ack))
		return true;
	if (s->blocks < 2)
		return false;
	struct tcp_range whole = block_at(s, 1);
	return seq_ge(r.start, whole.start) && seq_le(r.end, whole.end);
}

/* Whether any block tells of what is in flight; counts those that cannot be. */
static bool blocks_tell(struct tcp_conn *c, const struct tcp_segment *s)
{
	bool any = false;

	for (unsigned i = 0; i < s->blocks; i++) {
		struct tcp_range r = block_at(s, i);
		if (seq_le(r.end, r.start) || seq_gt(r.end, c->snd.max))
			COUNT(c->tcp->stats.bad_sack);
		else
			any |= seq_gt(r.start, c->snd.una);
	}
	return any;
}

static void take_blocks(struct tcp_conn *c, const struct tcp_segment *s, struct tcp_board_news *n)
{
	for (unsigned i = 0; i < s->blocks; i++) {
		struct tcp_range r = block_at(s, i);
		if (seq_lt(r.start, r.end) && seq_gt(r.start, c->snd.una) &&
		    seq_le(r.end, c->snd.max))
			tcp_board_had(c, r.start, r.end, n);
	}
}

/* --- recovery -------------------------------------------------------------------------------- */

ASIDE uint32_t tcp_sack_pipe(const struct tcp_conn *c)
{
	return tcp_board_bytes(c, TCP_RUN_OUT);
}

/* RFC 4821 section 7.5: the loss of a probe that was too large is no sign of congestion. */
static bool probe_alone_is_lost(const struct tcp_conn *c, uint32_t lost)
{
	const struct tcp_board *b = c->board;

	return c->mtu_probe != 0 && b->run[0].state == TCP_RUN_LOST &&
	       b->run[0].end == c->mtu_probe_end && lost == c->mtu_probe_end - c->snd.una;
}

/* Something was sent again in an earlier recovery, and its acknowledgement may come first: that
 * tells nothing of what is sent again from now on. */
static bool repairs_in_flight(const struct tcp_board *b)
{
	for (unsigned i = 0; i < b->runs; i++) {
		if (b->run[i].again)
			return true;
	}
	return false;
}

/* A batch of acknowledgements is answered at its end: what those before a loss let out, and which
 * is about to be sent. */
static uint32_t unanswered(const struct tcp_conn *c)
{
	uint32_t flight = c->snd.max - c->snd.una, room = MIN(c->snd.wnd, c->cc.cwnd);
	uint32_t unsent = seq_lt(c->snd.max, c->snd.end) ? c->snd.end - c->snd.max : 0;

	return room > flight ? MIN(room - flight, unsent) : 0;
}

/* Looks for what is lost, now or after a while, and begins a recovery for it; of one, `bytes` have
 * just arrived. */
static void detect(struct tcp_conn *c, uint64_t now_us, uint32_t bytes)
{
	uint32_t wait_us = tcp_rack_detect(c, now_us);
	uint32_t lost = tcp_board_bytes(c, TCP_RUN_LOST);

	tcp_ts_stamp(c, now_us);
	if (lost > 0 && !probe_alone_is_lost(c, lost) &&
	    cc_sack_loss(&c->cc, &c->board->reduction, c->snd.mss, c->snd.una,
			 c->snd.max - c->snd.una, unanswered(c))) {
		c->snd.resend = true;
		c->rack.probed = false;
		c->cc.undo = !repairs_in_flight(c->board);
		/* What recovery sends again first has the whole interval, not the rest. */
		c->rexmit_us = TIME_NEVER;
	}
	/* A timeout comes first where the round trip that was measured last is longer than others.
	 */
	if (wait_us > 0 && wait_us < rto_interval_us(&c->rto)) {
		c->rexmit_us = now_us + wait_us;
		c->timer = TCP_TIMER_REORDER;
	} else if (c->timer != TCP_TIMER_RTO) {
		c->rexmit_us = TIME_NEVER;
	}
	if (c->cc.recovery)
		cc_delivered(&c->cc, &c->board->reduction, c->snd.mss, bytes, tcp_sack_pipe(c));
	tcp_conn_pend(c);
}

/* The board has done its work when it says no more than UNA and MAX do. */
static bool board_is_plain(const struct tcp_conn *c)
{
	const struct tcp_board *b = c->board;

	for (unsigned i = 0; i < b->runs; i++) {
		if (b->run[i].state != TCP_RUN_OUT || b->run[i].again)
			return false;
	}
	return !c->cc.recovery;
}

static void take_ack(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s, uint32_t una)
{
	struct tcp_board *b = c->board;
	struct tcp_board_news n = {.now_us = now_us, .high = b->high};

	tcp_board_acked(c, una, &n);
	if (b->runs > 0 && b->run[0].state == TCP_RUN_HAD) /* it has taken back what it said */
		tcp_board_turn(c, TCP_RUN_HAD, TCP_RUN_LOST);
	take_blocks(c, s, &n);
	if (una == c->snd.una && n.bytes > 0 && c->cc.dup_acks < UINT8_MAX)
		c->cc.dup_acks++;
	detect(c, now_us, n.bytes);
	if (board_is_plain(c)) {
		if (c->timer == TCP_TIMER_REORDER)
			c->rexmit_us = TIME_NEVER;
		tcp_rack_recovered(c);
		tcp_board_free(c);
	}
}

/* RFC 8985 section 7.4: what a probe has repaired was a loss like others. */
static void judge_probe(struct tcp_conn *c, const struct tcp_segment *s, bool duplicate)
{
	struct tcp_rack *k = &c->rack;

	if (seq_lt(s->ack, k->probe_end))
		return;
	if (k->probed_again && !duplicate) {
		if (s->ack == k->probe_end)
			return; /* the original's acknowledgement, or the probe's: the next tells */
		cc_reduce(&c->cc, c->snd.mss, c->snd.una, c->snd.max);
	}
	k->probed = false;
}

ASIDE bool tcp_sack_input(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s,
			  uint32_t una)
{
	bool duplicate = tells_duplicate(c, s), news = blocks_tell(c, s);

	if (duplicate)
		tcp_rack_duplicate(c);
	if (c->rack.probed)
		judge_probe(c, s, duplicate || (una == s->ack && s->span == 0));
	if (c->board == NULL && news && tcp_board_new(c, now_us) == NULL)
		return false;
	if (c->board != NULL)
		take_ack(c, now_us, s, una);
	return true;
}

ASIDE void tcp_sack_reorder_timeout(struct tcp_conn *c, uint64_t now_us)
{
	if (c->board != NULL)
		detect(c, now_us, 0);
}

ASIDE bool tcp_sack_timed_out(struct tcp_conn *c, uint64_t now_us)
{
	struct tcp_board *b = c->board;

	if (b == NULL)
		b = tcp_board_new(c, now_us);
	if (b == NULL)
		return false;
	/* RFC 2018 section 8: the peer may have taken back what it had. Blocks are believed for one
	 * timeout, since that is rare, and to send all again is not cheap. */
	if (c->rto.retries > 1)
		tcp_board_turn(c, TCP_RUN_HAD, TCP_RUN_LOST);
	tcp_board_turn(c, TCP_RUN_OUT, TCP_RUN_LOST);
	b->rack = false;
	c->snd.resend = true;
	c->rack.probed = false;
	return true;
}

/* What was sent again has overtaken nothing: it was the one sent first that arrived. */
ASIDE void tcp_sack_undo(struct tcp_conn *c)
{
	struct tcp_board *b = c->board;

	for (unsigned i = 0; i < b->runs; i++) {
		b->run[i].timed &= !b->run[i].again;
		b->run[i].again = false;
	}
	b->rack = false;
	tcp_board_turn(c, TCP_RUN_LOST, TCP_RUN_OUT);
	c->rack.reordered = true;
}

/* --- output ---------------------------------------------------------------------------------- */

/* NULL: nothing is lost. It begins at *seq. */
static const struct tcp_run *first_lost(const struct tcp_conn *c, uint32_t *seq)
{
	*seq = c->snd.una;
	for (struct tcp_run *r = c->board->run; r < tcp_board_end(c->board); r++) {
		if (r->state == TCP_RUN_LOST)
			return r;
		*seq = r->end;
	}
	return NULL;
}

ASIDE enum err tcp_sack_output(struct tcp_conn *c, uint64_t now_us)
{
	uint32_t mss = c->snd.mss, seq;
	const struct tcp_run *r;
	ssize_t span = 1;

	while (span > 0 && (r = first_lost(c, &seq)) != NULL &&
	       (c->snd.resend || tcp_sack_pipe(c) + mss <= c->cc.cwnd)) {
		span = tcp_output_at(c, now_us, seq, MIN(mss, r->end - seq));
		if (span < 0)
			return (enum err)span;
		c->snd.resend = false;
	}
	c->snd.resend = false;
	return OK;
}

ASIDE enum err tcp_sack_probe(struct tcp_conn *c, uint64_t now_us, uint32_t max)
{
	struct tcp_rack *k = &c->rack;
	uint32_t len = MIN((uint32_t)c->snd.mss, c->snd.max - c->snd.una);

	k->probed_again = c->snd.max == max;
	if (k->probed_again && len > 0) {
		ssize_t span = tcp_output_at(c, now_us, max - len, len);
		if (span < 0)
			return (enum err)span;
	}
	COUNT(c->tcp->stats.tail_probes);
	k->probe_due = false;
	k->probed = true;
	c->plain = false;
	k->probe_end = c->snd.max;
	return OK;
}

ASIDE unsigned tcp_sack_blocks(const struct tcp_conn *c, struct tcp_range out[TCP_SACK_BLOCKS])
{
	unsigned n = 0;

	if (c->twice.start != c->twice.end) /* RFC 2883 */
		out[n++] = c->twice;
	if (c->rcv.gap != NULL)
		n += tcp_gap_blocks(c, out + n, TCP_SACK_BLOCKS - n);
	return n;
}
