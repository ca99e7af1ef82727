/* SPDX-License-Identifier: ISC */
/*
 * Two network interfaces joined by a link of any quality, and the clock of their world.
 *
 * The interfaces are fakes (tests/fakes/netif_fake.h), so what they claim to do for the stack they
 * do: fill in checksums, cut up TCP segments, with NETIF_CSUM_RX check what arrives and say so, and
 * with NETIF_COALESCE put together what arrives at once. Between them lies a wire for each
 * direction (tests/fakes/link_wire.h). Whoever lives on an interface is a task: it is polled when
 * frames arrive, when it was woken and at its deadline, as the event loop of an image would. Time
 * is virtual and goes from event to event.
 *
 * Everything follows from the seed and the calls; a run that failed is run again by its seed.
 */
#ifndef TESTS_FAKES_LINK_SIM_H
#define TESTS_FAKES_LINK_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "tests/fakes/coalesce.h"
#include "tests/fakes/link_wire.h"
#include "tests/fakes/netif_fake.h"

enum { LINK_SIM_TASKS = 4 };

struct link_task {
	uint64_t (*poll)(void *self, uint64_t now_us);
	void *self;
	const unsigned *wakes; /* counts requests to be polled */
	unsigned wakes_seen;
	uint64_t deadline_us;
};

struct link_sim;

struct link_direction {
	struct link_sim *sim;
	struct netif_fake *to;
	struct link_wire wire;
	uint32_t checksum_refused;  /* damage that a device with NETIF_CSUM_RX did not vouch for */
	struct coalesced coalesced; /* of what arrives now */
	uint32_t runs;              /* of more than one segment that were handed up */
	/* Sees each frame as it is sent, and whether it will be lost on the way, or damaged in each
	 * copy; may be NULL. */
	void (*tap)(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost);
	void *tap_self;
};

struct link_sim {
	uint64_t now_us;
	uint64_t polls;
	struct link_direction direction[2]; /* [0] carries what end 0 sends */
	struct link_task task[LINK_SIM_TASKS];
	unsigned n_tasks;
};

/*
 * Joins `a` and `b`, which live as long as the simulator, at the time `now_us`. conditions[0] is of
 * the direction from a to b.
 */
void link_sim_init(struct link_sim *sim, struct netif_fake *a, struct netif_fake *b,
		   const struct link_conditions conditions[2], uint64_t seed, uint64_t now_us);

/*
 * Adds a task. It is polled once at the start; poll() returns when it wants to be polled again.
 * Asserts LINK_SIM_TASKS.
 */
void link_sim_add(struct link_sim *sim, uint64_t (*poll)(void *self, uint64_t now_us), void *self,
		  const unsigned *wakes);

/* A third station's frame arrives at end `to`, 0 or 1, now. False if that has no buffer for it. */
bool link_sim_inject(struct link_sim *sim, unsigned to, const void *frame, size_t len);

/* Lets everything happen that happens up to `until_us`; then it is that late. */
void link_sim_run(struct link_sim *sim, uint64_t until_us);

#endif
