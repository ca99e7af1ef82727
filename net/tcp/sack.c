/* SPDX-License-Identifier: ISC */
/*
 * The scoreboard: what the peer has behind gaps (RFC 2018), what of the rest is lost, and what to
 * send next (RFC 6675).
 *
 * Blocks are a stranger's claims. They are taken only for bytes that are in flight, and the worst
 * that a false one does is that a lost segment is sent again later than it could be: bytes are
 * freed by the cumulative acknowledgement alone, and a timeout forgets all blocks.
 */
#include "base/bytes.h"
#include "net/tcp/tcp_internal.h"

static uint32_t seq_min(uint32_t a, uint32_t b)
{
	return seq_lt(a, b) ? a : b;
}

static const struct tcp_sack nothing;

/* What is known of the connection's; nothing as long as nothing was lost. */
static const struct tcp_sack *known(const struct tcp_conn *c)
{
	return c->snd.sack != NULL ? c->snd.sack : &nothing;
}

/* --- what the peer has ----------------------------------------------------------------------- */

/* Adds a range, merged with those that it touches. With all places taken, the farthest goes. */
static void add(struct tcp_sack *k, struct tcp_range new)
{
	unsigned i = 0, j;

	while (i < k->used && seq_lt(k->range[i].end, new.start))
		i++;
	for (j = i; j < k->used && seq_le(k->range[j].start, new.end); j++) {
		new.start = seq_min(new.start, k->range[j].start);
		new.end = seq_max(new.end, k->range[j].end);
	}
	if (i == TCP_SACK_RANGES)
		return;
	unsigned behind = MIN(k->used - j, TCP_SACK_RANGES - 1 - i);
	memmove(&k->range[i + 1], &k->range[j], behind * sizeof(k->range[0]));
	k->range[i] = new;
	k->used = (uint8_t)(i + 1 + behind);
}

static void take_blocks(struct tcp_conn *c, const struct tcp_segment *s)
{
	for (const uint8_t *b = s->block; b < s->block + 8 * s->blocks; b += 8) {
		struct tcp_range r = {load_be32(b), load_be32(b + 4)};
		if (seq_le(r.end, r.start) || seq_gt(r.end, c->snd.max))
			c->tcp->stats.bad_sack++;
		else if (seq_gt(r.start, c->snd.una)) /* else old, or a duplicate (RFC 2883) */
			add(c->snd.sack, r);
	}
}

/* UNA has moved over ranges. */
static void forget_acked(struct tcp_conn *c)
{
	struct tcp_sack *k = c->snd.sack;
	unsigned n = 0;

	while (n < k->used && seq_le(k->range[n].start, c->snd.una))
		n++;
	k->used -= (uint8_t)n;
	memmove(k->range, k->range + n, k->used * sizeof(k->range[0]));
	k->high_rxt = seq_max(k->high_rxt, c->snd.una);
}

void tcp_sack_clear(struct tcp_conn *c)
{
	if (c->snd.sack != NULL)
		pool_put(&c->tcp->repairs, c->snd.sack);
	c->snd.sack = NULL;
}

/* --- what is lost, and what is in flight (RFC 6675 section 4) -------------------------------- */

/* Bytes between UNA and `seq` that the peer has not. */
static uint32_t holes(const struct tcp_conn *c, uint32_t seq)
{
	const struct tcp_sack *k = known(c);
	uint32_t n = seq - c->snd.una;
	for (unsigned i = 0; i < k->used; i++) {
		const struct tcp_range *r = &k->range[i];
		if (seq_lt(r->start, seq))
			n -= seq_min(r->end, seq) - r->start;
	}
	return n;
}

uint32_t tcp_sack_delivered(const struct tcp_conn *c)
{
	return c->snd.max - holes(c, c->snd.max);
}

/*
 * IsLost(): true of what is missing below the number that is returned. In a recovery the segment at
 * UNA is lost too: three duplicates, or a partial acknowledgement as in RFC 6582, say so.
 */
static uint32_t lost_below(const struct tcp_conn *c)
{
	const struct tcp_sack *k = known(c);
	uint32_t bytes = 0, mss = c->snd.mss;

	for (unsigned i = k->used, n = 1; i-- > 0; n++) {
		bytes += k->range[i].end - k->range[i].start;
		if (n >= CC_DUP_ACKS || bytes > (CC_DUP_ACKS - 1) * mss)
			return k->range[i].start;
	}
	if (!c->cc.recovery)
		return c->snd.una;
	return seq_min(c->snd.una + mss, k->used > 0 ? k->range[0].start : c->snd.max);
}

uint32_t tcp_sack_pipe(const struct tcp_conn *c)
{
	uint32_t pipe = holes(c, c->snd.nxt);
	if (c->cc.recovery)
		pipe += holes(c, known(c)->high_rxt) - holes(c, lost_below(c));
	return pipe;
}

uint32_t tcp_sack_hole(const struct tcp_conn *c, uint32_t seq, uint32_t *have)
{
	const struct tcp_sack *k = known(c);
	for (unsigned i = 0; i < k->used; i++) {
		const struct tcp_range *r = &k->range[i];
		if (seq_lt(seq, r->start))
			return r->start - seq;
		*have = r->end - seq;
		if (seq_lt(seq, r->end))
			return 0;
	}
	return UINT32_MAX;
}

/* --- what to send again (RFC 6675 section 4, NextSeg) ---------------------------------------- */

/* The next hole above HighRxt and below `limit`, a segment of it at most. */
static bool next_hole(const struct tcp_conn *c, uint32_t limit, uint32_t *seq, uint32_t *len)
{
	uint32_t at = known(c)->high_rxt, have, hole;

	while ((hole = tcp_sack_hole(c, at, &have)) == 0)
		at += have;
	if (seq_ge(at, limit))
		return false;
	*seq = at;
	*len = MIN(MIN(hole, limit - at), (uint32_t)c->snd.mss);
	return true;
}

bool tcp_sack_next(const struct tcp_conn *c, bool lost, uint32_t *seq, uint32_t *len)
{
	const struct tcp_sack *k = known(c);
	uint32_t top = k->high_rxt, max = c->snd.max;

	if (!c->cc.sack) { /* nothing is known but that the segment at UNA is lost */
		*seq = c->snd.una;
		*len = MIN((uint32_t)c->snd.mss, max - c->snd.una);
		return *len > 0;
	}
	if (k->used > 0)
		top = seq_max(top, k->range[k->used - 1].end);
	if (next_hole(c, lost ? lost_below(c) : top, seq, len))
		return true;
	/* (4): the end of what is in flight, once, since nothing behind it can show its loss. */
	if (lost || k->rescued || top == max)
		return false;
	*len = MIN((uint32_t)c->snd.mss, max - top);
	*seq = max - *len;
	return true;
}

/* --- an acknowledgement ---------------------------------------------------------------------- */

static bool begin(struct tcp_conn *c)
{
	struct tcp_sack *k = tcp_repair_new(c->tcp);

	if (k == NULL)
		return false;
	*k = (struct tcp_sack){.high_rxt = c->snd.una};
	c->snd.sack = k;
	return true;
}

bool tcp_sack_input(struct tcp_conn *c, const struct tcp_segment *s, uint32_t before,
		    bool duplicate)
{
	if (c->snd.sack == NULL && !begin(c))
		return false; /* the timer will do */
	forget_acked(c);
	take_blocks(c, s);
	uint32_t after = tcp_sack_delivered(c);
	/* It may seem to go back when a range was forgotten for a nearer one. */
	uint32_t bytes = seq_gt(after, before) ? after - before : 0;
	bool lost = lost_below(c) != c->snd.una;
	bool begins =
		cc_sack(&c->cc, c->snd.mss, c->snd.una, c->snd.max, duplicate && bytes > 0, lost);
	if (begins) {
		c->resend = true;
		c->snd.sack->high_rxt = c->snd.una;
		c->snd.sack->rescued = false;
	}
	if (c->cc.recovery)
		cc_delivered(&c->cc, c->snd.mss, bytes, tcp_sack_pipe(c));
	else if (c->snd.sack->used == 0)
		tcp_sack_clear(c);
	return begins;
}
