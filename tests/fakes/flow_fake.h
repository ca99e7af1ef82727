/* SPDX-License-Identifier: ISC */
/*
 * A flow without a network: a test feeds what the peer sends, in any division, limits how much
 * the flow takes, and looks at what was written.
 *
 * Each fed segment is a heap block with its own reference count, freed when the last reference
 * goes, so that a use after release is seen by ASan. Slices that the flow has taken stay
 * referenced until flow_fake_ack() or until the flow is given back. Events are delivered by
 * flow_fake_poll() only, as edges, like a real provider's; every call after close or abort
 * fails the test.
 */
#ifndef TESTS_FAKES_FLOW_FAKE_H
#define TESTS_FAKES_FLOW_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "hal/flow.h"

struct flow_fake {
	struct flow flow;

	struct list received; /* segments not yet consumed */
	size_t received_bytes;
	bool eof;
	enum err error; /* OK, or why it failed */

	uint8_t *out; /* all that was written */
	size_t out_bytes, out_max;
	size_t room;          /* bytes that it takes still; SIZE_MAX: any number */
	struct list held;     /* references on slices that were taken */
	unsigned write_calls; /* flow_write() and flow_write_copy(), refused ones included */

	bool shut_down, closed, aborted;
	bool short_write;  /* FLOW_WRITABLE is owed */
	unsigned pending;  /* events to deliver */
	unsigned segments; /* alive, of this flow */
};

/* Makes an open flow with unlimited room. */
void flow_fake_init(struct flow_fake *f);

/* Frees what is left. The user of the flow must have given it back (checked). */
void flow_fake_fini(struct flow_fake *f);

/* One segment from the peer. */
void flow_fake_feed(struct flow_fake *f, const void *bytes, size_t len);

/* The same in segments of `step` bytes. */
void flow_fake_feed_split(struct flow_fake *f, const void *bytes, size_t len, size_t step);

/* The peer ends its direction, or breaks the connection. */
void flow_fake_eof(struct flow_fake *f);
void flow_fake_reset(struct flow_fake *f);

/* Lets it take `bytes` more, or any number (SIZE_MAX). */
void flow_fake_room(struct flow_fake *f, size_t bytes);

/* The peer acknowledges everything written. */
void flow_fake_ack(struct flow_fake *f);

/* Delivers the events that are due. True if there was one. */
bool flow_fake_poll(struct flow_fake *f, uint64_t now_us);

/* References that the flow holds on what it has taken. */
unsigned flow_fake_held(const struct flow_fake *f);

/* Closed or aborted by its user. */
static inline bool flow_fake_is_over(const struct flow_fake *f)
{
	return f->closed || f->aborted;
}

#endif
