/* SPDX-License-Identifier: ISC */
/*
 * The scoreboard of a recovery: a row of runs, each a number of bytes that are in flight, lost, or
 * with the peer, and were sent at one time. When all places are taken, neighbours are joined whose
 * times are nearest; the later one stands for both, so that nothing is taken for lost too early.
 */
#include "net/tcp/tcp_internal.h"

static size_t bytes_from(struct tcp_board *b, const struct tcp_run *r)
{
	return (size_t)((uint8_t *)tcp_board_end(b) - (const uint8_t *)r);
}

/* Removes `n` runs, of which `first` is the first. */
static void remove_runs(struct tcp_board *b, struct tcp_run *first, unsigned n)
{
	memmove(first, first + n, bytes_from(b, first + n));
	b->runs -= (uint8_t)n;
}

struct tcp_board *tcp_board_new(struct tcp_conn *c, uint64_t now_us)
{
	struct tcp_board *b = NULL;

	/* A recovery that has begun without one ends without. */
	if (c->snd.nxt == c->snd.max && !c->cc.recovery)
		b = pool_get(&c->tcp->boards);
	if (b == NULL)
		return NULL;
	b->begun_us = (uint32_t)now_us;
	b->high = c->snd.una;
	b->rack = false;
	b->runs = 1;
	b->run[0] = (struct tcp_run){.end = c->snd.max};
	c->board = b;
	c->plain = false;
	c->cc.sack = true;
	return b;
}

ASIDE void tcp_board_free(struct tcp_conn *c)
{
	if (c->board == NULL)
		return;
	pool_put(&c->tcp->boards, c->board);
	c->board = NULL;
	c->cc.sack = false;
}

/* --- joining and cutting --------------------------------------------------------------------- */

/* The later of two times, and how much earlier parts were sent. */
static void join_times(struct tcp_run *r, const struct tcp_run *next)
{
	const struct tcp_run *late = seq_lt(r->at_us, next->at_us) ? next : r;
	const struct tcp_run *early = late == r ? next : r;
	uint32_t apart_us = late->at_us - early->at_us;
	uint32_t spread = early->spread + (apart_us + 1023) / 1024;

	if (!r->timed || !next->timed) {
		if (next->timed)
			r->at_us = next->at_us;
		r->spread = UINT8_MAX;
		return;
	}
	r->at_us = late->at_us;
	r->spread = (uint8_t)MIN(MAX(spread, (uint32_t)late->spread), (uint32_t)UINT8_MAX);
}

/* Joins a run with the one behind it. */
static void join(struct tcp_board *b, struct tcp_run *r)
{
	struct tcp_run *next = r + 1;

	if (r->timed || next->timed)
		join_times(r, next);
	r->timed |= next->timed;
	r->again |= next->again;
	r->end = next->end;
	remove_runs(b, next, 1);
}

/* Whether it and the next one share all that counts. */
static bool is_like_next(const struct tcp_run *r)
{
	const struct tcp_run *next = r + 1;

	if (r->state != next->state)
		return false;
	return r->state == TCP_RUN_HAD ||
	       (r->timed == next->timed && r->at_us == next->at_us && r->again == next->again);
}

static void join_alike(struct tcp_board *b)
{
	for (struct tcp_run *r = b->run; r + 1 < tcp_board_end(b);) {
		if (is_like_next(r))
			join(b, r);
		else
			r++;
	}
}

/* How much is lost by joining a run with the next; UINT32_MAX: they differ in state. */
static uint32_t difference(const struct tcp_run *r)
{
	const struct tcp_run *next = r + 1;

	if (r->state != next->state)
		return UINT32_MAX;
	if (!r->timed || !next->timed)
		return UINT32_MAX / 2;
	return seq_lt(r->at_us, next->at_us) ? next->at_us - r->at_us : r->at_us - next->at_us;
}

/* The shortest run that the peer has is forgotten: it has the fate of the one before it, so that
 * little is sent in vain. */
static void forget_shortest(struct tcp_board *b)
{
	/* If there is none the last two differ in being lost. */
	struct tcp_run *before = tcp_board_end(b) - 2;
	uint32_t least = UINT32_MAX;

	for (struct tcp_run *r = b->run; r + 1 < tcp_board_end(b); r++) {
		uint32_t bytes = r[1].end - r->end;
		if (r[1].state == TCP_RUN_HAD && bytes < least) {
			least = bytes;
			before = r;
		}
	}
	before[1].state = before->state;
	join(b, before);
}

static void make_room(struct tcp_board *b, unsigned n)
{
	while (b->runs + n > TCP_RUNS_MAX) {
		struct tcp_run *best = b->run;
		for (struct tcp_run *r = best + 1; r + 1 < tcp_board_end(b); r++) {
			if (difference(r) < difference(best))
				best = r;
		}
		if (difference(best) == UINT32_MAX)
			forget_shortest(b);
		else
			join(b, best);
	}
}

/* Makes a run begin at `seq`, unless it is MAX, and returns it. There is room. */
static struct tcp_run *cut(struct tcp_conn *c, uint32_t seq)
{
	struct tcp_board *b = c->board;
	uint32_t start = c->snd.una;
	struct tcp_run *r = b->run;

	for (; r < tcp_board_end(b) && seq_le(r->end, seq); r++)
		start = r->end;
	if (r == tcp_board_end(b) || start == seq)
		return r;
	memmove(r + 1, r, bytes_from(b, r));
	b->runs++;
	r->end = seq;
	return r + 1;
}

/* --- what arrives and what is sent ----------------------------------------------------------- */

static void arrived(struct tcp_conn *c, const struct tcp_run *r, uint32_t start,
		    struct tcp_board_news *n)
{
	if (r->state == TCP_RUN_HAD)
		return;
	n->bytes += r->end - start;
	tcp_rack_delivered(c, r, n);
}

void tcp_board_acked(struct tcp_conn *c, uint32_t una, struct tcp_board_news *n)
{
	struct tcp_board *b = c->board;
	unsigned gone = 0;

	for (; gone < b->runs && seq_lt(una, c->snd.una); gone++) {
		struct tcp_run r = b->run[gone];
		if (seq_gt(r.end, c->snd.una)) { /* a part of it */
			r.end = c->snd.una;
			arrived(c, &r, una, n);
			break;
		}
		arrived(c, &r, una, n);
		una = r.end;
	}
	remove_runs(b, b->run, gone);
}

void tcp_board_had(struct tcp_conn *c, uint32_t start, uint32_t end, struct tcp_board_news *n)
{
	struct tcp_board *b = c->board;

	make_room(b, 2);
	struct tcp_run *r = cut(c, start), *behind = cut(c, end);
	for (; r < behind; r++) {
		arrived(c, r, start, n);
		r->state = TCP_RUN_HAD;
		start = r->end;
	}
	join_alike(b);
}

ASIDE void tcp_board_sent(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t end)
{
	struct tcp_board *b = c->board;
	struct tcp_run *r = tcp_board_end(b), *behind;
	bool again = b->runs > 0 && seq_lt(seq, r[-1].end);

	b->reduction.out += end - seq;
	make_room(b, 2);
	if (again) {
		r = cut(c, seq);
		behind = cut(c, end);
	} else {
		r = tcp_board_end(b);
		r->end = end;
		b->runs++;
		behind = r + 1;
	}
	for (; r < behind; r++)
		*r = (struct tcp_run){
			.end = r->end, .at_us = (uint32_t)now_us, .timed = true, .again = again};
	join_alike(b);
}

/* --- sums ------------------------------------------------------------------------------------ */

uint32_t tcp_board_bytes(const struct tcp_conn *c, enum tcp_run_state state)
{
	uint32_t n = 0, start = c->snd.una;

	for (struct tcp_run *r = c->board->run; r < tcp_board_end(c->board); r++) {
		if (r->state == state)
			n += r->end - start;
		start = r->end;
	}
	return n;
}

void tcp_board_turn(struct tcp_conn *c, enum tcp_run_state from, enum tcp_run_state to)
{
	for (struct tcp_run *r = c->board->run; r < tcp_board_end(c->board); r++) {
		if (r->state == from)
			r->state = (uint8_t)to;
	}
	join_alike(c->board);
}
