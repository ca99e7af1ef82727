/* SPDX-License-Identifier: ISC */
/*
 * The scoreboard of a recovery: a row of runs, each a number of bytes that are in flight, lost, or
 * with the peer, and were sent at one time. When all places are taken, neighbours are joined whose
 * times are nearest; the later one stands for both, so that nothing is taken for lost too early.
 */
#include "net/tcp/tcp_internal.h"

static struct tcp_run *last_of(struct tcp_board *b)
{
	return &b->run[b->runs - 1];
}

static void remove_runs(struct tcp_board *b, unsigned first, unsigned n)
{
	b->runs -= (uint8_t)n;
	memmove(&b->run[first], &b->run[first + n], (b->runs - first) * sizeof(b->run[0]));
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

SELDOM uint32_t tcp_board_start(const struct tcp_conn *c, unsigned i)
{
	return i > 0 ? c->board->run[i - 1].end : c->snd.una;
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

/* Joins run i with the one behind it. */
static void join(struct tcp_board *b, unsigned i)
{
	struct tcp_run *r = &b->run[i], *next = r + 1;

	if (r->timed || next->timed)
		join_times(r, next);
	r->timed |= next->timed;
	r->again |= next->again;
	r->end = next->end;
	remove_runs(b, i + 1, 1);
}

static bool alike(const struct tcp_run *a, const struct tcp_run *b)
{
	if (a->state != b->state)
		return false;
	return a->state == TCP_RUN_HAD ||
	       (a->timed == b->timed && a->at_us == b->at_us && a->again == b->again);
}

static void join_alike(struct tcp_board *b)
{
	for (unsigned i = 0; i + 1 < b->runs;) {
		if (alike(&b->run[i], &b->run[i + 1]))
			join(b, i);
		else
			i++;
	}
}

/* How much is lost by joining run i with the next; UINT32_MAX: they differ in state. */
static uint32_t difference(const struct tcp_board *b, unsigned i)
{
	const struct tcp_run *r = &b->run[i], *next = r + 1;

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
	unsigned shortest = 0;
	uint32_t least = UINT32_MAX;

	for (unsigned i = 1; i < b->runs; i++) {
		uint32_t bytes = b->run[i].end - b->run[i - 1].end;
		if (b->run[i].state == TCP_RUN_HAD && bytes < least) {
			least = bytes;
			shortest = i;
		}
	}
	if (shortest == 0) /* there is none: the last two differ in being lost */
		shortest = b->runs - 1u;
	b->run[shortest].state = b->run[shortest - 1].state;
	join(b, shortest - 1);
}

static void make_room(struct tcp_board *b, unsigned n)
{
	while (b->runs + n > TCP_RUNS_MAX) {
		unsigned best = 0;
		for (unsigned i = 1; i + 1 < b->runs; i++) {
			if (difference(b, i) < difference(b, best))
				best = i;
		}
		if (difference(b, best) == UINT32_MAX)
			forget_shortest(b);
		else
			join(b, best);
	}
}

/* Makes a run begin at `seq`, unless it is MAX; returns its index. There is room. */
static unsigned cut(struct tcp_conn *c, uint32_t seq)
{
	struct tcp_board *b = c->board;
	unsigned i = 0;

	while (i < b->runs && seq_le(b->run[i].end, seq))
		i++;
	if (i == b->runs || tcp_board_start(c, i) == seq)
		return i;
	memmove(&b->run[i + 1], &b->run[i], (b->runs - i) * sizeof(b->run[0]));
	b->runs++;
	b->run[i].end = seq;
	return i + 1;
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
	remove_runs(b, 0, gone);
}

void tcp_board_had(struct tcp_conn *c, uint32_t start, uint32_t end, struct tcp_board_news *n)
{
	struct tcp_board *b = c->board;

	make_room(b, 2);
	unsigned i = cut(c, start), behind = cut(c, end);
	for (; i < behind; i++) {
		arrived(c, &b->run[i], tcp_board_start(c, i), n);
		b->run[i].state = TCP_RUN_HAD;
	}
	join_alike(b);
}

ASIDE void tcp_board_sent(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t end)
{
	struct tcp_board *b = c->board;
	struct tcp_run run = {.end = end, .at_us = (uint32_t)now_us, .timed = true};

	b->reduction.out += end - seq;
	make_room(b, 2);
	if (b->runs == 0 || seq_ge(seq, last_of(b)->end)) {
		b->run[b->runs++] = run;
	} else {
		unsigned i = cut(c, seq), behind = cut(c, end);
		run.again = true;
		run.end = behind > i ? b->run[behind - 1].end : end;
		if (behind > i) {
			b->run[i] = run;
			remove_runs(b, i + 1, behind - i - 1);
		}
	}
	join_alike(b);
}

/* --- sums ------------------------------------------------------------------------------------ */

uint32_t tcp_board_bytes(const struct tcp_conn *c, enum tcp_run_state state)
{
	const struct tcp_board *b = c->board;
	uint32_t n = 0;

	for (unsigned i = 0; i < b->runs; i++) {
		if (b->run[i].state == state)
			n += b->run[i].end - tcp_board_start(c, i);
	}
	return n;
}

void tcp_board_turn(struct tcp_conn *c, enum tcp_run_state from, enum tcp_run_state to)
{
	struct tcp_board *b = c->board;

	for (unsigned i = 0; i < b->runs; i++) {
		if (b->run[i].state == from)
			b->run[i].state = (uint8_t)to;
	}
	join_alike(b);
}
