/* SPDX-License-Identifier: ISC */
/*
 * One side of a connection in a property test: writes a known stream, reads and compares another,
 * in pieces and with pauses that a seed decides, ends its direction when it has written all, and
 * closes when the peer has ended too; or aborts at some moment.
 *
 * Every stream is a part of one pseudo-random text, so what arrives is compared byte by byte where
 * it lies, and nothing is allocated.
 */
#ifndef TESTS_UNIT_PROPERTIES_PARTY_H
#define TESTS_UNIT_PROPERTIES_PARTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/flow.h"
#include "hal/timer.h"
#include "tests/fakes/random.h"

enum { STREAM_BYTES_MAX = 1 << 20, TEXT_BYTES = STREAM_BYTES_MAX + (1 << 16) };

struct party {
	/* Set by the test. */
	struct party *peer;
	const uint8_t *out, *in; /* what is written, and what is to be read */
	size_t out_bytes, in_bytes;
	bool copy;             /* writes by flow_write_copy() */
	size_t write_max;      /* bytes a call */
	size_t read_max;       /* bytes consumed a call */
	uint32_t pause_ppm;    /* pauses after a read */
	uint64_t pause_max_us; /* for so long at most */
	uint64_t abort_us;     /* TIME_NEVER: does not */
	bool held_open;        /* does not end its direction */
	bool answers;          /* writes when the peer has ended its direction */
	bool repeats;          /* refuses what comes for it once more, as a cookie may */
	uint64_t seed;
	unsigned *wakes; /* of who calls party_poll() */

	/* State. */
	struct random random;
	struct flow *flow; /* NULL: not yet, or not any more */
	size_t out_done, in_done;
	uint64_t paused_until_us; /* 0: does not pause */
	bool shut, eof, over, aborted;
	enum err error;    /* the flow's, if it failed */
	const char *fault; /* what is wrong with what was read or with the flow, or NULL */
	uint64_t over_us;  /* when it was over */
};

/* A run of the text that all streams are parts of; `from` is taken modulo 64 KiB. */
const uint8_t *stream_at(size_t from);

/* Takes the flow, which may have anything pending, and begins. */
void party_begin(struct party *p, struct flow *f, uint64_t now_us);

/* Does what is due: an abort, the end of a pause. Returns when it is to be called again. */
uint64_t party_poll(struct party *p, uint64_t now_us);

/* Writes and reads what can be. */
void party_run(struct party *p, uint64_t now_us);

#endif
