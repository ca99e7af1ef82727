/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "apps/iperf/iperf.h"

void iperf_test_open(struct iperf_test *t, const struct ip_addr *peer, bool is_client)
{
	memset(t, 0, sizeof(*t));
	t->control = fiber_current();
	t->peer = *peer;
	t->is_client = is_client;
}

static void wake_carriers(struct iperf_test *t)
{
	for (unsigned i = 0; i < ARRAY_SIZE(t->carrier); i++) {
		if (t->carrier[i] != NULL)
			fiber_wake(t->carrier[i]);
	}
}

void iperf_test_begin(struct iperf_test *t)
{
	t->begin_us = time_now_us();
	t->count_us = t->begin_us + (uint64_t)t->params.omit_s * US_PER_S;
	t->running = true;
	wake_carriers(t);
}

void iperf_test_end(struct iperf_test *t)
{
	if (t->running)
		t->end_us = time_now_us();
	t->running = false;
}

void iperf_test_close(struct iperf_test *t)
{
	iperf_test_end(t);
	t->accepting = false;
	t->ended = true;
	for (unsigned i = 0; i < ARRAY_SIZE(t->carrier); i++) {
		if (t->carrier[i] != NULL)
			fiber_cancel(t->carrier[i]);
	}
	while (t->carriers > 0)
		fiber_park();
	t->control = NULL;
}

struct iperf_stream *iperf_stream_open(struct iperf_test *t)
{
	if (!t->accepting || t->opened == t->params.streams)
		return NULL;
	struct iperf_stream *s = &t->stream[t->opened];
	s->test = t;
	s->id = t->opened == 0 ? 1 : t->opened + 2; /* as iperf3 numbers them */
	t->opened++;
	fiber_wake(t->control);
	return s;
}

bool iperf_carry(struct iperf_test *t)
{
	unsigned i = 0;

	while (i < ARRAY_SIZE(t->carrier) && t->carrier[i] != NULL)
		i++;
	if (t->ended || i == ARRAY_SIZE(t->carrier))
		return false;
	t->carrier[i] = fiber_current();
	t->carriers++;
	return true;
}

void iperf_carry_no_more(struct iperf_test *t)
{
	for (unsigned i = 0; i < ARRAY_SIZE(t->carrier); i++) {
		if (t->carrier[i] == fiber_current())
			t->carrier[i] = NULL;
	}
	t->carriers--;
	fiber_wake(t->control);
}

enum err iperf_wait_running(struct iperf_test *t)
{
	enum err e = OK;

	while (e == OK && !t->running)
		e = fiber_park_until(TIME_NEVER);
	return e;
}

void iperf_count(struct iperf_stream *s, size_t bytes)
{
	s->test->moved += bytes;
	if (s->test->running && time_now_us() >= s->test->count_us)
		s->mine.bytes += bytes;
}

bool iperf_moved_enough(const struct iperf_test *t)
{
	uint64_t bytes = 0;

	/* It is the client who decides; what it counts it may have begun to count later. */
	if (!t->is_client || t->params.bytes == 0)
		return false;
	for (unsigned i = 0; i < t->opened; i++)
		bytes += t->stream[i].mine.bytes;
	return bytes >= t->params.bytes;
}

uint64_t iperf_counted_us(const struct iperf_test *t)
{
	uint64_t now_us = t->running ? time_now_us() : t->end_us;

	return now_us > t->count_us ? now_us - t->count_us : 0;
}
