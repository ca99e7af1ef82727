/* SPDX-License-Identifier: ISC */
#include "tests/fakes/link_wire.h"

#include <string.h>

enum {
	ETH_BYTES = 14,
	QUEUE_BYTES = 64 * 1024,
	LN2 = 45426, /* in parts of 65,536 */
	US_PER_SECOND = 1000000,
};

/* --- the heap of frames in flight ------------------------------------------------------------ */

static bool earlier(const struct link_frame *a, const struct link_frame *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->number < b->number;
}

static void heap_push(struct link_wire *w, struct link_frame *f)
{
	unsigned at = w->n_heap++;
	while (at > 0 && earlier(f, w->heap[(at - 1) / 2])) {
		w->heap[at] = w->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	w->heap[at] = f;
}

static struct link_frame *heap_pop(struct link_wire *w)
{
	struct link_frame *first = w->heap[0], *last = w->heap[--w->n_heap];
	unsigned at = 0, child;
	while ((child = 2 * at + 1) < w->n_heap) {
		if (child + 1 < w->n_heap && earlier(w->heap[child + 1], w->heap[child]))
			child++;
		if (!earlier(w->heap[child], last))
			break;
		w->heap[at] = w->heap[child];
		at = child;
	}
	w->heap[at] = last;
	return first;
}

/* --- what happens to a frame ----------------------------------------------------------------- */

/*
 * An exponentially distributed length with the mean `mean_us`, at least 1: -ln(u) of a fraction u
 * with 64 random bits, its logarithm linear between powers of two. Without floating point, lest
 * machines differ.
 */
static uint64_t period_us(struct link_wire *w, uint64_t mean_us)
{
	uint64_t u = random_u64(&w->random) | 1;
	unsigned zeros = (unsigned)__builtin_clzll(u);
	uint64_t fraction = u << zeros << 1 >> 48;
	uint64_t log2 = ((uint64_t)(zeros + 1) << 16) - fraction;
	return 1 + (mean_us * (log2 * LN2 >> 16) >> 16);
}

static bool lost_in_burst(struct link_wire *w, uint64_t now_us)
{
	const struct link_conditions *c = &w->conditions;
	if (c->bad_us == 0)
		return false;
	/* At the start, and after a silence so long that the past does not matter any more. */
	if (w->period_end_us == 0 || now_us > w->period_end_us + 16 * (c->good_us + c->bad_us)) {
		w->bad = random_below(&w->random, c->good_us + c->bad_us) < c->bad_us;
		w->period_end_us = now_us + period_us(w, w->bad ? c->bad_us : c->good_us);
	}
	while (w->period_end_us <= now_us) {
		w->bad = !w->bad;
		w->period_end_us += period_us(w, w->bad ? c->bad_us : c->good_us);
	}
	return w->bad && random_hits(&w->random, c->bad_loss_ppm);
}

static bool is_lost(struct link_wire *w, uint64_t now_us, size_t len)
{
	const struct link_conditions *c = &w->conditions;
	if (len > LINK_WIRE_FRAME_MAX || (c->mtu != 0 && len > c->mtu + (size_t)ETH_BYTES)) {
		w->stats.too_long++;
		return true;
	}
	if (random_hits(&w->random, c->loss_ppm)) {
		w->stats.lost++;
		return true;
	}
	if (lost_in_burst(w, now_us)) {
		w->stats.lost_in_burst++;
		return true;
	}
	return false;
}

/* Queues and transmits: false if the queue is full, else *sent_us is when the last bit is out. */
static bool transmit(struct link_wire *w, uint64_t now_us, size_t len, uint64_t *sent_us)
{
	uint64_t rate = w->conditions.rate_bytes_per_s;
	uint32_t room = w->conditions.queue_bytes != 0 ? w->conditions.queue_bytes : QUEUE_BYTES;
	*sent_us = now_us;
	if (rate == 0)
		return true;
	if (w->idle_us < now_us)
		w->idle_us = now_us;
	/* An idle transmitter takes any frame. */
	if (w->idle_us > now_us && (w->idle_us - now_us) * rate / US_PER_SECOND + len > room) {
		w->stats.queue_full++;
		return false;
	}
	w->idle_us += len * US_PER_SECOND / rate;
	*sent_us = w->idle_us;
	return true;
}

static uint64_t arrival_us(struct link_wire *w, uint64_t sent_us)
{
	const struct link_conditions *c = &w->conditions;
	uint64_t due_us = sent_us + c->delay_us;
	if (c->jitter_us > 0)
		due_us += random_below(&w->random, c->jitter_us + 1);
	if (due_us < w->latest_us)
		due_us = w->latest_us;
	if (random_hits(&w->random, c->reorder_ppm)) {
		w->stats.reordered++;
		return due_us + random_between(&w->random, 1, c->reorder_us + 1);
	}
	w->latest_us = due_us;
	return due_us;
}

static void damage(struct link_wire *w, struct link_frame *f)
{
	enum { V6_COVERED = ETH_BYTES + 4, V6_HOP_LIMIT = ETH_BYTES + 7 };
	bool v6 = f->len > V6_HOP_LIMIT + 1 && f->bytes[12] == 0x86 && f->bytes[13] == 0xdd;
	if (!v6 && (f->len <= ETH_BYTES || f->bytes[12] != 0x08 || f->bytes[13] != 0x00))
		return;
	size_t at = random_between(&w->random, v6 ? V6_COVERED : ETH_BYTES, f->len - 1);
	if (v6 && at == V6_HOP_LIMIT)
		at++;
	uint8_t flips = (uint8_t)random_between(&w->random, 1, 7);
	f->bytes[at] ^= (uint8_t)(flips << random_below(&w->random, 6));
	w->stats.corrupted++;
}

/* RFC 3168 section 5; the checksum becomes what RFC 1624 says, equation 3. */
static void mark(struct link_wire *w, struct link_frame *f)
{
	enum { TOS = ETH_BYTES + 1, CHECKSUM = ETH_BYTES + 10, ECN = 3 };
	uint8_t *b = f->bytes, was = b[TOS] & ECN;
	if (f->len < ETH_BYTES + 20 || b[12] != 0x08 || b[13] != 0x00 || was == 0 || was == ECN ||
	    ++w->stats.capable % w->conditions.mark_every != 0)
		return;
	uint32_t sum = (uint16_t) ~(b[CHECKSUM] << 8 | b[CHECKSUM + 1]) + (uint32_t)(ECN - was);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	b[TOS] |= ECN;
	b[CHECKSUM] = (uint8_t)(sum >> 8);
	b[CHECKSUM + 1] = (uint8_t)sum;
	w->stats.marked++;
}

static bool fly(struct link_wire *w, uint64_t sent_us, const void *frame, size_t len)
{
	if (w->n_free == 0) {
		w->stats.no_room++;
		return false;
	}
	struct link_frame *f = w->free[--w->n_free];
	f->due_us = arrival_us(w, sent_us);
	f->number = w->number++;
	f->len = (uint32_t)len;
	memcpy(f->bytes, frame, len);
	if (random_hits(&w->random, w->conditions.corrupt_ppm))
		damage(w, f);
	if (w->conditions.mark_every != 0)
		mark(w, f);
	heap_push(w, f);
	if (w->n_heap > w->stats.in_flight_max)
		w->stats.in_flight_max = w->n_heap;
	return true;
}

/* --- what users call ------------------------------------------------------------------------- */

void link_wire_init(struct link_wire *w, const struct link_conditions *c, uint64_t seed)
{
	memset(w, 0, offsetof(struct link_wire, heap));
	w->conditions = *c;
	w->random.state = seed;
	w->n_free = LINK_WIRE_FRAMES;
	for (unsigned i = 0; i < LINK_WIRE_FRAMES; i++)
		w->free[i] = &w->frame[LINK_WIRE_FRAMES - 1 - i];
}

bool link_wire_send(struct link_wire *w, uint64_t now_us, const void *frame, size_t len)
{
	uint64_t sent_us;
	w->stats.sent++;
	w->stats.sent_bytes += len;
	if (is_lost(w, now_us, len) || !transmit(w, now_us, len, &sent_us))
		return false;
	if (random_hits(&w->random, w->conditions.duplicate_ppm) && fly(w, sent_us, frame, len))
		w->stats.duplicated++;
	return fly(w, sent_us, frame, len);
}

uint64_t link_wire_next_us(const struct link_wire *w)
{
	return w->n_heap > 0 ? w->heap[0]->due_us : UINT64_MAX;
}

struct link_frame *link_wire_receive(struct link_wire *w, uint64_t now_us)
{
	if (w->n_heap == 0 || w->heap[0]->due_us > now_us)
		return NULL;
	struct link_frame *f = heap_pop(w);
	w->free[w->n_free++] = f;
	w->stats.delivered++;
	w->stats.delivered_bytes += f->len;
	return f;
}
