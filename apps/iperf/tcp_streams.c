/* SPDX-License-Identifier: ISC */
#include "apps/iperf/iperf.h"

enum { PATTERN_BYTES = 64 << 10 };

/* Zeros, which take no room in the image. */
static uint8_t pattern[PATTERN_BYTES];

/* The time at which `bytes` are due at the stream's rate. */
static uint64_t due_us(const struct iperf_test *t, uint64_t bytes)
{
	uint64_t rate_kbits = t->params.rate_bits / 1000;

	return rate_kbits == 0 ? t->begin_us : t->begin_us + bytes * 8000 / rate_kbits;
}

/* Without a copy, while the test runs. */
static enum err send_blocks(struct iperf_stream *s, struct stream *to)
{
	const struct iperf_test *t = s->test;
	const struct slice block =
		SLICE_STATIC(pattern, MIN((size_t)t->params.block_bytes, sizeof(pattern)));
	uint64_t sent = 0;
	enum err e = OK;

	while (e == OK && t->running && !iperf_moved_enough(t)) {
		uint64_t due = due_us(t, sent);
		if (due > time_now_us())
			e = fiber_sleep_until(due);
		if (e != OK || !t->running)
			break;
		ssize_t n = stream_write_some(to, block, TIME_NEVER);
		if (n < 0)
			return (enum err)n;
		sent += (size_t)n;
		iperf_count(s, (size_t)n);
	}
	return e;
}

/* To the end of the connection, so that nobody waits who still sends. */
static enum err receive_blocks(struct iperf_stream *s, struct stream *from)
{
	struct slice run;
	enum err e;

	while ((e = stream_peek(from, &run, TIME_NEVER)) == OK) {
		iperf_count(s, run.len);
		stream_consume(from, run.len);
	}
	return e;
}

void iperf_tcp_stream(struct iperf_test *t, struct stream *stream)
{
	if (!iperf_carry(t))
		return;
	struct iperf_stream *s = iperf_stream_open(t);
	if (s != NULL && iperf_wait_running(t) == OK) {
		enum err e = iperf_sends(t) ? send_blocks(s, stream) : receive_blocks(s, stream);
		/* A client that waits for the rest of a block learns that there is none. */
		if (e == OK && iperf_sends(t) && !t->is_client)
			stream_shutdown(stream);
		/* The connection stays until the results are exchanged. */
		while (e != ERR_CANCELLED)
			e = fiber_park_until(TIME_NEVER);
	}
	iperf_carry_no_more(t);
}
