/* SPDX-License-Identifier: ISC */
/*
 * A flow to a peer that is a fuzzer: segments arrive when it says so, each in a buffer of just its
 * size, so that ASan sees what is read behind it; as much is taken as there is room for. References
 * to what was written are kept, as TCP does until it is acknowledged.
 */
#ifndef TESTS_FUZZ_FLOW_H
#define TESTS_FUZZ_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "hal/flow.h"

enum { FUZZ_FLOW_SEGMENTS = 64, FUZZ_FLOW_HELD = 256 };

struct fuzz_segment;

struct fuzz_flow {
	struct flow flow;
	struct fuzz_segment *queue[FUZZ_FLOW_SEGMENTS];
	unsigned queued, held;
	struct ref *hold[FUZZ_FLOW_HELD];
	size_t room;                      /* that writes have left */
	bool eof, reset, shut_down, over; /* over: its user has closed it */
	bool short_write;
	uint8_t *out; /* what was written; NULL: nobody looks at it */
	size_t out_bytes, out_max;
};

extern const struct flow_ops fuzz_flow_ops;

/* `out` has room for out_max bytes, or is NULL. */
void fuzz_flow_init(struct fuzz_flow *f, size_t room, uint8_t *out, size_t out_max);

/* Gives back what was held; of one that was never opened it does nothing. */
void fuzz_flow_fini(struct fuzz_flow *f);

/* Raises `events`, and FLOW_WRITABLE if there is room again, unless it is over. */
void fuzz_flow_raise(struct fuzz_flow *f, unsigned events, uint64_t now_us);

/* Up to `len` bytes of the input arrive as a segment. False: nothing does. */
bool fuzz_flow_feed(struct fuzz_flow *f, struct cursor *c, size_t len);

/* The peer ends its direction, or breaks the connection: the event for that. */
unsigned fuzz_flow_end(struct fuzz_flow *f, bool reset);

/* Segments of all flows that are still there. */
unsigned fuzz_flow_segments(void);

#endif
