/* SPDX-License-Identifier: ISC */
/*
 * A flow: a reliable stream of bytes in both directions. TCP provides it; TLS will, over
 * another flow; tests do with a pipe.
 *
 * Nothing here blocks and nothing calls back inside a call. Whoever uses a flow sets
 * `event`; it is called from the event loop, after the provider has done its own work,
 * with the set of things that became true since the last call. It is edge-like: after
 * FLOW_READABLE, read until ERR_AGAIN; after FLOW_WRITABLE, write until ERR_AGAIN. Inside
 * the event every call on this flow is allowed, flow_close() included.
 *
 * Payload is not copied: flow_read() lends the received slice, and flow_write() takes
 * references on the slices' owners until the peer has acknowledged them.
 *
 * The life of a flow ends with flow_close() or flow_abort(), which give it back to its
 * provider: the pointer is dead afterwards and no event follows. A flow that the peer
 * has reset stays valid, answering ERR_RESET, until it is closed.
 */
#ifndef HAL_FLOW_H
#define HAL_FLOW_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/slice.h"

enum flow_event {
	FLOW_CONNECTED = 1 << 0, /* an outgoing flow is established */
	FLOW_READABLE = 1 << 1,  /* bytes, or the peer's end of stream, can be read */
	FLOW_WRITABLE = 1 << 2,  /* room to write, after a write that was not taken whole */
	FLOW_DRAINED = 1 << 3,   /* the peer has acknowledged everything written */
	FLOW_FAILED = 1 << 4,    /* reset, refused, unreachable or timed out: flow_error() */
};

struct flow;

struct flow_ops {
	enum err (*read)(struct flow *f, struct slice *out, unsigned n);
	void (*consume)(struct flow *f, size_t bytes);
	ssize_t (*write)(struct flow *f, const struct slice *slices, unsigned n);
	ssize_t (*write_copy)(struct flow *f, const void *bytes, size_t len);
	void (*shutdown)(struct flow *f);
	void (*close)(struct flow *f);
	void (*abort)(struct flow *f);
	enum err (*error)(struct flow *f);
	void (*peer)(struct flow *f, struct ip_addr *addr, uint16_t *port);
};

struct flow {
	const struct flow_ops *ops;
	void (*event)(struct flow *f, void *arg, unsigned events, uint64_t now_us);
	void *arg;
};

/* What a listener calls with each new flow, which it is given; it sets event and arg. */
typedef void flow_accept_fn(void *arg, struct flow *f, uint64_t now_us);

/*
 * Shows the next run of received bytes without removing it: *out is borrowed until
 * flow_consume(), or longer with a reference on out->owner. ERR_AGAIN: nothing yet;
 * ERR_EOF: the peer has ended its direction and all is read; ERR_RESET and others: failed.
 */
HOT(device) MUST_USE static inline enum err flow_read(struct flow *f, struct slice *out)
{
	return f->ops->read(f, out, 1);
}

/*
 * The same of the first n runs: if there are fewer, the one behind the last is empty. For bulk
 * data, with one flow_consume() for all of them: a device that puts segments together has each run
 * in a buffer of its own.
 */
MUST_USE static inline enum err flow_readv(struct flow *f, struct slice *out, unsigned n)
{
	return f->ops->read(f, out, n);
}

/*
 * Removes `bytes` from the front of what was received, which also opens the receive
 * window. It may be more than the last slice but not more than has been received (asserted).
 */
static inline void flow_consume(struct flow *f, size_t bytes)
{
	f->ops->consume(f, bytes);
}

/*
 * Queues slices to send, in order. Returns the bytes taken, which may end inside a
 * slice; the flow holds references on what it took. ERR_AGAIN if nothing could be taken (then
 * FLOW_WRITABLE follows), ERR_CLOSED after a shutdown, or the flow's error. The bytes must not
 * change until the flow drops its reference.
 */
MUST_USE static inline ssize_t flow_write(struct flow *f, const struct slice *slices, unsigned n)
{
	return f->ops->write(f, slices, n);
}

/*
 * The same for short, passing bytes (a response's header): they are copied into the
 * flow's own packets, so `bytes` is free after return.
 */
MUST_USE static inline ssize_t flow_write_copy(struct flow *f, const void *bytes, size_t len)
{
	return f->ops->write_copy(f, bytes, len);
}

/* Ends this direction once everything written is sent. Reading goes on. */
static inline void flow_shutdown(struct flow *f)
{
	f->ops->shutdown(f);
}

/* Gives the flow back: what was written is still delivered, what arrives is refused. */
static inline void flow_close(struct flow *f)
{
	f->ops->close(f);
}

/* Gives the flow back at once and tells the peer so (TCP: RST). */
static inline void flow_abort(struct flow *f)
{
	f->ops->abort(f);
}

/* Why the flow failed; OK if it has not. */
static inline enum err flow_error(struct flow *f)
{
	return f->ops->error(f);
}

/* The peer's address and port. */
static inline void flow_peer(struct flow *f, struct ip_addr *addr, uint16_t *port)
{
	f->ops->peer(f, addr, port);
}

#endif
