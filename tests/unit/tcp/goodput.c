/* SPDX-License-Identifier: ISC */
/*
 * How fast data gets through a wire that loses some of it, in virtual time: with SACK faster than
 * without. What arrives is compared by a hash.
 */
#include "tests/unit/tcp/tests.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/tcp/peer.h"

enum { BYTES = 1 << 20, DELAY_US = 50000, SEEDS = 8, LOSS = 50 /* per mille */ };

static uint32_t fnv1a(const uint8_t *bytes, size_t n)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ bytes[i]) * 16777619u;
	return h;
}

struct loss {
	struct ip_pipe *pipe;
	unsigned per_mille;
};

/*
 * Only data is lost. Here a burst arrives at one moment and is acknowledged once, so that the loss
 * of an acknowledgement would cost a timeout in any case.
 */
static bool lose_data(void *arg, const struct ip_frame *f)
{
	const struct loss *l = arg;
	return f->to != 0 || ip_pipe_random(l->pipe) % 1000 >= l->per_mille;
}

/* Sends BYTES; returns how many microseconds it took. */
static uint64_t transfer(uint32_t seed, unsigned loss, bool sack, uint32_t *timeouts)
{
	struct tcp_config config = tcp_config_default;
	if (!sack)
		config.sack = NULL;
	struct world *w = world_new(&config, true);
	uint8_t *data = malloc(BYTES);
	struct app a = {0};
	assert_non_null(data);
	for (size_t i = 0; i < BYTES; i++)
		data[i] = (uint8_t)(i * 31 + i / 1000 + seed);
	w->pipe.delay_us = DELAY_US;
	world_connect(w, &a);
	world_run(w, 3 * DELAY_US);
	assert_true((a.events & FLOW_CONNECTED) != 0);
	w->pipe.seed = seed * 2654435761u + 1;
	struct loss l = {&w->pipe, loss};
	w->pipe.filter = lose_data;
	w->pipe.filter_arg = &l;
	uint64_t begin_us = world_now(w);
	app_write(&a, data, BYTES);
	const struct app *b = world_server(w);
	while (b->in_len < BYTES && world_now(w) < begin_us + 600 * (uint64_t)US_PER_S)
		world_run(w, 1000);
	assert_int_equal(b->in_len, BYTES);
	assert_int_equal(fnv1a(b->in, BYTES), fnv1a(data, BYTES));
	uint64_t us = world_now(w) - begin_us;
	*timeouts += tcp_stats(w->side[1].tcp)->timeouts;
	w->pipe.filter = NULL;
	app_fini(&a);
	world_free(w);
	free(data);
	return us;
}

/* At one percent the two are close, and luck decides which is ahead. */
static void sack_beats_newreno_at_five_percent(void **state)
{
	uint64_t us[2] = {0};
	uint32_t timeouts[2] = {0};

	(void)state;
	for (unsigned sack = 0; sack < 2; sack++) {
		for (uint32_t seed = 1; seed <= SEEDS; seed++)
			us[sack] += transfer(seed, LOSS, sack != 0, &timeouts[sack]);
		print_message("loss %d %%, %s SACK: %6.0f KiB/s, %.1f timeouts\n", LOSS / 10,
			      sack ? "with" : "without",
			      (double)BYTES * SEEDS / 1024 * 1e6 / (double)us[sack],
			      (double)timeouts[sack] / SEEDS);
	}
	assert_true(us[1] < us[0]);
	assert_true(timeouts[1] <= timeouts[0]);
}

int goodput_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sack_beats_newreno_at_five_percent),
	};
	return cmocka_run_group_tests_name("tcp goodput", tests, NULL, NULL);
}
