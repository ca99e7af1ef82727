/* SPDX-License-Identifier: ISC */
#include "tests/unit/properties/party.h"

#include <string.h>

#include "base/attr.h"

enum { TEXT_SHIFT_BYTES = TEXT_BYTES - STREAM_BYTES_MAX };

/* A peer that was cut off may never hear of it; its user loses patience. */
#define PATIENCE_US (90 * (uint64_t)US_PER_S)

const uint8_t *stream_at(size_t from)
{
	static uint8_t text[TEXT_BYTES];
	static bool made;
	if (!made) {
		struct random r = {0};
		for (size_t i = 0; i < TEXT_BYTES; i += sizeof(uint64_t)) {
			uint64_t word = random_u64(&r);
			memcpy(text + i, &word, sizeof(word));
		}
		made = true;
	}
	return text + from % TEXT_SHIFT_BYTES;
}

static void is_over(struct party *p, uint64_t now_us)
{
	p->flow = NULL;
	p->over = true;
	p->over_us = now_us;
}

static void hurry_peer(struct party *p, uint64_t now_us)
{
	if (p->peer != NULL && !p->peer->over) {
		p->peer->abort_us = time_earlier(p->peer->abort_us, now_us + PATIENCE_US);
		++*p->wakes;
	}
}

static void give_up(struct party *p, uint64_t now_us)
{
	struct flow *f = p->flow;
	p->aborted = true;
	is_over(p, now_us);
	flow_abort(f);
	hurry_peer(p, now_us);
}

/* --- reading --------------------------------------------------------------------------------- */

static void compare(struct party *p, const struct slice *s, size_t n)
{
	if (n > p->in_bytes - p->in_done)
		p->fault = "more arrived than was sent";
	else if (memcmp(s->data, p->in + p->in_done, n) != 0)
		p->fault = "other bytes arrived than were sent";
}

static void pause_by_chance(struct party *p, uint64_t now_us)
{
	if (!random_hits(&p->random, p->pause_ppm))
		return;
	p->paused_until_us = now_us + 1 + random_below(&p->random, p->pause_max_us);
	++*p->wakes;
}

static void read_some(struct party *p, uint64_t now_us)
{
	while (p->fault == NULL && p->paused_until_us == 0 && !p->eof) {
		struct slice s;
		enum err e = flow_read(p->flow, &s);
		if (e == ERR_EOF)
			p->eof = true;
		else if (e != OK && e != ERR_AGAIN)
			p->error = e;
		if (e != OK)
			return;
		if (s.len == 0) {
			p->fault = "an empty slice was read";
			return;
		}
		size_t n = 1 + (size_t)random_below(&p->random, p->read_max);
		n = MIN(n, s.len);
		compare(p, &s, n);
		flow_consume(p->flow, n);
		p->in_done += n;
		pause_by_chance(p, now_us);
	}
}

/* --- writing --------------------------------------------------------------------------------- */

static ssize_t write_once(struct party *p, size_t n)
{
	const uint8_t *at = p->out + p->out_done;
	if (p->copy)
		return flow_write_copy(p->flow, at, n);
	size_t half = n / 2;
	const struct slice s[] = {SLICE_STATIC(at, half), SLICE_STATIC(at + half, n - half)};
	return flow_write(p->flow, s, 2);
}

static void write_some(struct party *p)
{
	if (p->answers && !p->eof)
		return;
	while (p->out_done < p->out_bytes) {
		size_t n = 1 + (size_t)random_below(&p->random, p->write_max);
		n = MIN(n, p->out_bytes - p->out_done);
		ssize_t taken = write_once(p, n);
		if (taken == ERR_AGAIN)
			return;
		if (taken < 0) {
			p->error = (enum err)taken;
			return;
		}
		if (taken == 0 || (size_t)taken > n) {
			p->fault = "a write took no bytes, or more than there were";
			return;
		}
		p->out_done += (size_t)taken;
	}
	if (!p->shut && !p->held_open) {
		p->shut = true;
		flow_shutdown(p->flow);
	}
}

/* --- the flow -------------------------------------------------------------------------------- */

void party_run(struct party *p, uint64_t now_us)
{
	read_some(p, now_us);
	if (p->error == OK)
		write_some(p);
	if (p->error == OK && !(p->shut && p->eof) && p->fault == NULL)
		return;
	struct flow *f = p->flow;
	is_over(p, now_us);
	flow_close(f);
	if (p->error == ERR_TIMEOUT)
		hurry_peer(p, now_us);
}

static void on_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct party *p = arg;
	if (p->flow != f) {
		p->fault = "an event for a flow that was given back";
		return;
	}
	if ((events & FLOW_FAILED) != 0 && flow_error(f) == OK)
		p->fault = "FLOW_FAILED without an error";
	party_run(p, now_us);
}

void party_begin(struct party *p, struct flow *f, uint64_t now_us)
{
	if (p->flow != NULL || p->over) {
		if (!p->repeats || p->flow != NULL)
			p->fault = "a second flow";
		flow_abort(f);
		return;
	}
	p->random.state = p->seed;
	p->flow = f;
	f->event = on_event;
	f->arg = p;
	if (p->abort_us <= now_us)
		++*p->wakes; /* not here: the flow is being given to us */
	party_run(p, now_us);
}

uint64_t party_poll(struct party *p, uint64_t now_us)
{
	if (p->flow == NULL)
		return TIME_NEVER;
	if (p->abort_us <= now_us) {
		give_up(p, now_us);
		return TIME_NEVER;
	}
	if (p->paused_until_us != 0 && p->paused_until_us <= now_us) {
		p->paused_until_us = 0;
		party_run(p, now_us);
		if (p->flow == NULL)
			return TIME_NEVER;
	}
	return p->paused_until_us != 0 ? time_earlier(p->paused_until_us, p->abort_us)
				       : p->abort_us;
}
