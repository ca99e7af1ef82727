/* SPDX-License-Identifier: ISC */
/*
 * What is lost: whatever was sent before something that has arrived, by more than segments overtake
 * each other (RACK, RFC 8985 section 6).
 *
 * While nothing is missing nothing is recorded of what is sent when. Runs that were sent before
 * there was a board were sent in the order of their numbers, and RACK asks the time of a segment
 * for no more than its distance to one behind it. So such a run takes its time when it is first
 * seen to be overtaken: it counts as sent together with what overtook it, a round trip ago, and as
 * lost when the reordering window has passed since. That is later by the two segments' distance
 * than RACK would have it, and the path of those without losses stays free of bookkeeping.
 */
#include "net/tcp/tcp_internal.h"

#include "base/counter.h"

enum {
	PERSIST = 16, /* RFC 8985 section 6.2, step 4 */
	WINDOWS_MAX = 64,
	WINDOW_MIN_US = 1000, /* what a timestamp can tell, and a segment's way through a host */
	AGE_MAX_US = 1 << 30, /* of what has arrived: a quarter of an hour */
};

static bool before(uint32_t a_us, uint32_t b_us)
{
	return seq_lt(a_us, b_us);
}

/* When what was sent before there was a board was sent at the latest. */
static uint32_t sent_before(const struct tcp_conn *c, uint64_t now_us)
{
	uint32_t guess_us = (uint32_t)now_us - c->rto.srtt_us, begun_us = c->board->begun_us;

	return before(guess_us, begun_us) ? guess_us : begun_us - 1;
}

/* When the first of it was sent: a part that arrives may have overtaken no more than that. */
static uint32_t sent_from(const struct tcp_conn *c, uint64_t now_us, const struct tcp_run *r)
{
	if (!r->timed || r->spread == UINT8_MAX)
		return sent_before(c, now_us);
	return r->at_us - r->spread * 1024u;
}

void tcp_rack_delivered(struct tcp_conn *c, const struct tcp_run *r, const struct tcp_board_news *n)
{
	struct tcp_board *b = c->board;
	uint32_t at_us = sent_from(c, n->now_us, r), now_us = (uint32_t)n->now_us;

	b->high = seq_max(b->high, r->end);
	if (seq_lt(r->end, n->high) && !r->again)
		c->rack.reordered = true; /* step 3: what was sent later has arrived earlier */
	if (r->again && now_us - r->at_us < c->rto.least_us)
		return; /* step 2: it is the one that was sent first that has arrived */
	if (b->rack && !before(b->rack_at_us, at_us) &&
	    (at_us != b->rack_at_us || seq_le(r->end, b->rack_end)))
		return;
	b->rack = true;
	b->rack_at_us = at_us;
	b->rack_end = r->end;
	b->rack_rtt_us = now_us - at_us;
}

/* Section 6.2, step 4: for how long one segment may be behind another and not be lost. */
static uint32_t reordering_us(const struct tcp_conn *c)
{
	bool repairs = c->cc.recovery || seq_lt(c->snd.una, c->cc.recover);
	uint32_t had = tcp_board_bytes(c, TCP_RUN_HAD);

	if (!c->rack.reordered && (repairs || c->cc.dup_acks >= CC_DUP_ACKS ||
				   had > (CC_DUP_ACKS - 1) * (uint32_t)c->snd.mss))
		return 0;
	uint64_t us = (uint64_t)(1 + c->rack.windows) * (c->rto.least_us / 4);
	return (uint32_t)MAX(MIN(us, (uint64_t)c->rto.srtt_us), (uint64_t)WINDOW_MIN_US);
}

/* Whether the run was sent before what has arrived of what was sent last. */
static bool overtaken(const struct tcp_conn *c, uint64_t now_us, struct tcp_run *r)
{
	const struct tcp_board *b = c->board;

	if (!r->timed) {
		if (seq_gt(r->end, b->high) && before(b->rack_at_us, b->begun_us))
			return false;
		r->at_us = sent_before(c, now_us);
		r->timed = true;
	}
	return before(r->at_us, b->rack_at_us) ||
	       (r->at_us == b->rack_at_us && seq_lt(r->end, b->rack_end));
}

uint32_t tcp_rack_detect(struct tcp_conn *c, uint64_t now_us)
{
	struct tcp_board *b = c->board;
	uint32_t window_us = reordering_us(c), wait_us = 0;

	/* Times of 32 bits can be told apart for half a turn. */
	if ((uint32_t)now_us - b->rack_at_us > AGE_MAX_US)
		b->rack = false;
	for (struct tcp_run *r = b->run; b->rack && r < tcp_board_end(b); r++) {
		if (r->state != TCP_RUN_OUT || !overtaken(c, now_us, r))
			continue;
		uint32_t due_us = r->at_us + b->rack_rtt_us + window_us;
		if (before((uint32_t)now_us, due_us))
			wait_us = MAX(wait_us, due_us - (uint32_t)now_us);
		else
			r->state = TCP_RUN_LOST;
	}
	return wait_us;
}

void tcp_rack_duplicate(struct tcp_conn *c)
{
	struct tcp_rack *k = &c->rack;

	COUNT(c->tcp->stats.sent_twice);
	if (k->persist > 0 && seq_lt(c->snd.una, k->round))
		return; /* once a round trip */
	k->round = c->snd.max;
	k->persist = PERSIST;
	if (k->windows < WINDOWS_MAX)
		k->windows++;
}

void tcp_rack_recovered(struct tcp_conn *c)
{
	if (c->rack.persist > 0 && --c->rack.persist == 0)
		c->rack.windows = 0;
}
