/* SPDX-License-Identifier: ISC */
#include "tests/fakes/link_sim.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "hal/timer.h"
#include "tests/fakes/frames.h"

enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	/* Polls of one task at one moment; more would be a stack that spins. */
	POLLS_MAX = 10000,
};

/* --- arrival --------------------------------------------------------------------------------- */

/* What a device that checks would say: a whole TCP segment or UDP datagram with a right checksum.
 */
static bool checksum_is_right(const uint8_t *frame, size_t len)
{
	uint8_t proto;
	size_t bytes;
	return frame_transport(frame, len, &proto, &bytes) != NULL &&
	       (proto == PROTO_TCP || proto == PROTO_UDP) && frame_transport_error(frame, len) == 0;
}

static bool arrive(struct link_direction *d, const uint8_t *frame, size_t len)
{
	d->to->rx_flags = 0;
	if ((d->to->netif.features & NETIF_CSUM_RX) != 0) {
		if (checksum_is_right(frame, len))
			d->to->rx_flags = PKT_CSUM_OK;
		else
			d->checksum_refused++;
	}
	return netif_fake_inject(d->to, frame, len);
}

/* What was put together goes up, whose checksums were right. */
static void hand_up(struct link_direction *d)
{
	struct coalesced *c = &d->coalesced;
	if (c->len == 0)
		return;
	d->runs += c->segments > 1;
	d->to->rx_flags = PKT_CSUM_OK;
	(void)netif_fake_inject(d->to, c->frame, c->len);
	c->len = 0;
}

static void arrive_or_coalesce(struct link_direction *d, const uint8_t *frame, size_t len)
{
	bool may = (d->to->netif.features & NETIF_COALESCE) != 0;
	if (may && coalesced_add(&d->coalesced, frame, len))
		return;
	hand_up(d);
	if (!may || !coalesced_add(&d->coalesced, frame, len))
		(void)arrive(d, frame, len);
}

static bool deliver(struct link_sim *sim)
{
	bool any = false;
	for (unsigned i = 0; i < 2; i++) {
		struct link_direction *d = &sim->direction[i];
		const struct link_frame *f;
		while ((f = link_wire_receive(&d->wire, sim->now_us)) != NULL) {
			arrive_or_coalesce(d, f->bytes, f->len);
			any = true;
		}
		hand_up(d);
	}
	return any;
}

/* Hook of netif_fake: every frame goes onto the wire instead of straight to the peer. */
static bool take_frame(struct netif_fake *from, uint8_t *frame, size_t len)
{
	struct link_direction *d = from->on_wire_arg;
	const struct link_wire_stats *s = &d->wire.stats;
	uint32_t damaged = s->corrupted, twice = s->duplicated;
	bool flies = link_wire_send(&d->wire, d->sim->now_us, frame, len);
	bool whole = s->corrupted - damaged <= s->duplicated - twice;
	if (d->tap != NULL)
		d->tap(d->tap_self, d->sim->now_us, frame, len, !flies || !whole);
	return true;
}

/* --- the loop -------------------------------------------------------------------------------- */

static bool run_task(struct link_sim *sim, struct link_task *t)
{
	if (*t->wakes == t->wakes_seen && t->deadline_us > sim->now_us)
		return false;
	t->wakes_seen = *t->wakes;
	t->deadline_us = t->poll(t->self, sim->now_us);
	sim->polls++;
	return true;
}

static void settle(struct link_sim *sim)
{
	bool busy = true;
	for (unsigned rounds = 0; busy; rounds++) {
		assert(rounds < POLLS_MAX);
		busy = deliver(sim);
		for (unsigned i = 0; i < sim->n_tasks; i++)
			busy |= run_task(sim, &sim->task[i]);
	}
}

static uint64_t next_us(const struct link_sim *sim)
{
	uint64_t next = time_earlier(link_wire_next_us(&sim->direction[0].wire),
				     link_wire_next_us(&sim->direction[1].wire));
	for (unsigned i = 0; i < sim->n_tasks; i++)
		next = time_earlier(next, sim->task[i].deadline_us);
	return next;
}

void link_sim_run(struct link_sim *sim, uint64_t until_us)
{
	settle(sim);
	for (;;) {
		uint64_t next = next_us(sim);
		if (next > until_us)
			break;
		if (next > sim->now_us)
			sim->now_us = next;
		settle(sim);
	}
	if (until_us > sim->now_us)
		sim->now_us = until_us;
}

/* --- making ---------------------------------------------------------------------------------- */

static void join(struct link_sim *sim, unsigned i, struct netif_fake *from, struct netif_fake *to,
		 const struct link_conditions *c, uint64_t seed)
{
	struct link_direction *d = &sim->direction[i];
	d->sim = sim;
	d->to = to;
	d->checksum_refused = 0;
	d->coalesced.len = 0;
	d->runs = 0;
	d->tap = NULL;
	link_wire_init(&d->wire, c, seed);
	from->on_wire = take_frame;
	from->on_wire_arg = d;
}

void link_sim_init(struct link_sim *sim, struct netif_fake *a, struct netif_fake *b,
		   const struct link_conditions conditions[2], uint64_t seed, uint64_t now_us)
{
	struct random seeds = {seed};
	sim->now_us = now_us;
	sim->polls = 0;
	sim->n_tasks = 0;
	netif_fake_wire(a, b);
	join(sim, 0, a, b, &conditions[0], random_u64(&seeds));
	join(sim, 1, b, a, &conditions[1], random_u64(&seeds));
}

void link_sim_add(struct link_sim *sim, uint64_t (*poll)(void *self, uint64_t now_us), void *self,
		  const unsigned *wakes)
{
	assert(sim->n_tasks < LINK_SIM_TASKS);
	sim->task[sim->n_tasks++] = (struct link_task){
		.poll = poll, .self = self, .wakes = wakes, .wakes_seen = *wakes};
}

bool link_sim_inject(struct link_sim *sim, unsigned to, const void *frame, size_t len)
{
	assert(to < 2);
	return arrive(&sim->direction[1 - to], frame, len);
}
