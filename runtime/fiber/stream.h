/* SPDX-License-Identifier: ISC */
/*
 * A flow (hal/flow.h) in direct style: calls that wait, for fibers.
 *
 * The stream sits on a flow that it is given and takes over its event; the flow ends with
 * stream_close() or stream_abort(). At any time one fiber may read and one may write. Deadlines are
 * those of runtime/loop/loop.h; TIME_NEVER waits as long as it takes. A call that timed out can be
 * repeated; a write of all then has written a part, which the caller does not learn: close the
 * stream. A fiber that is cancelled gets ERR_CANCELLED from each call that would wait.
 *
 * Writing waits while the peer takes nothing, and what is not read closes the peer's window, so
 * neither side can run ahead of the other by more than the flow's buffers.
 */
#ifndef RUNTIME_STREAM_H
#define RUNTIME_STREAM_H

#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "hal/flow.h"
#include "runtime/fiber/fiber.h"

struct stream {
	struct flow *flow;
	struct fiber *reader, *writer; /* those who wait, or NULL */
	bool connected, drained;
};

/* Takes over `flow`. */
void stream_init(struct stream *s, struct flow *flow);

/* Waits until an outgoing flow is established. ERR_REFUSED and others of the flow; ERR_TIMEOUT. */
MUST_USE enum err stream_connected(struct stream *s, uint64_t deadline_us);

/*
 * Lends the next run of received bytes, at least one: valid until stream_consume(), or longer with
 * a reference on out->owner. ERR_EOF: the peer has ended its direction; ERR_TIMEOUT; the flow's
 * error.
 */
MUST_USE enum err stream_peek(struct stream *s, struct slice *out, uint64_t deadline_us);

/* Removes `bytes` from the front of what was received. */
static inline void stream_consume(struct stream *s, size_t bytes)
{
	flow_consume(s->flow, bytes);
}

/* Copies up to `max` received bytes, at least one, and returns how many; errors as above. */
MUST_USE ssize_t stream_read(struct stream *s, void *bytes, size_t max, uint64_t deadline_us);

/* Copies just `len` received bytes. ERR_EOF: the stream ended before; errors as above. */
MUST_USE enum err stream_read_all(struct stream *s, void *bytes, size_t len, uint64_t deadline_us);

/* Writes a copy of all `len` bytes. ERR_TIMEOUT; ERR_CLOSED after a shutdown; the flow's error. */
MUST_USE enum err stream_write_all(struct stream *s, const void *bytes, size_t len,
				   uint64_t deadline_us);

/* Writes all of slice `data` without copying: its owner is held until the peer has it. */
MUST_USE enum err stream_write_slice(struct stream *s, struct slice data, uint64_t deadline_us);

/*
 * The same of as much of `data`, which is not empty, as is taken at once, and returns how much, at
 * least 1: for whoever must know how far he got.
 */
MUST_USE ssize_t stream_write_some(struct stream *s, struct slice data, uint64_t deadline_us);

/* Waits until the peer has acknowledged what the last write call wrote. */
MUST_USE enum err stream_drain(struct stream *s, uint64_t deadline_us);

/* Ends the writing direction once all is sent. Reading goes on. */
static inline void stream_shutdown(struct stream *s)
{
	flow_shutdown(s->flow);
}

/* Gives the flow back; what was written is still delivered. Nobody may be waiting. */
void stream_close(struct stream *s);

/* Gives the flow back and tells the peer so at once. Nobody may be waiting. */
void stream_abort(struct stream *s);

/*
 * A server with a fiber for each connection: give stream_accept to a listener, with this as its
 * argument. A flow for which no fiber is free is aborted and counted by the pool.
 */
struct stream_server {
	const char *name;
	struct fiber_pool *pool;
	void (*serve)(struct stream *s); /* returns when done; the stream is then closed */
};

/* A flow_accept_fn. `arg` is a struct stream_server. */
void stream_accept(void *arg, struct flow *flow, uint64_t now_us);

/*
 * Accepting in direct style: connections wait in a queue of a fixed length until a fiber takes
 * them. Give stream_backlog_add to a listener, with the backlog as its argument. A connection more
 * than there is room for is aborted and counted.
 */
struct stream_backlog {
	struct flow **flows;
	uint16_t capacity, first, count;
	bool closed;
	uint32_t refused;
	struct fiber *waiter;
};

/* `flows` is room for `capacity` of them; it must outlive the backlog. */
void stream_backlog_init(struct stream_backlog *b, struct flow **flows, uint16_t capacity);

/* A flow_accept_fn. `backlog` is a struct stream_backlog. */
void stream_backlog_add(void *backlog, struct flow *flow, uint64_t now_us);

/*
 * Waits for a connection and takes it over as `s`; one fiber at a time. ERR_TIMEOUT; ERR_CANCELLED;
 * ERR_CLOSED after stream_backlog_close().
 */
MUST_USE enum err stream_backlog_take(struct stream_backlog *b, struct stream *s,
				      uint64_t deadline_us);

/* Aborts those that wait, and all that come. The listener should have been closed before. */
void stream_backlog_close(struct stream_backlog *b);

#endif
