/* SPDX-License-Identifier: ISC */
/*
 * Header prediction (net/tcp/predict.c) changes nothing but the number of instructions: transfers
 * drawn from seeds, over every kind of link, put the very same frames on the wire at the very same
 * times whether TCP predicts segments or not, and count the same.
 */
#include <string.h>

#include "net/tcp/tcp_internal.h"
#include "tests/unit/properties/tests.h"

#define TIME_LIMIT_US (3600 * (uint64_t)US_PER_S)

/* What can be seen of a run from outside. */
struct outcome {
	uint64_t trace; /* of all frames */
	uint64_t frames, end_us, bytes;
	struct tcp_stats stats[2];
};

static struct outcome *seen;

static void add(uint64_t *trace, uint64_t value)
{
	*trace = (*trace ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	*trace ^= *trace >> 29;
}

static void note(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	world_notice((unsigned)(uintptr_t)self, now_us, frame, len, lost);
	seen->frames++;
	add(&seen->trace, (uintptr_t)self);
	add(&seen->trace, now_us);
	add(&seen->trace, len);
	for (size_t i = 0; i < len; i++)
		add(&seen->trace, frame[i]);
}

static void run_to_end(const struct scenario *s, bool predict, struct outcome *out)
{
	*out = (struct outcome){0};
	seen = out;
	world_start(s);
	for (unsigned i = 0; i < 2; i++) {
		world.host[i].surprised = !predict;
		world.sim.direction[i].tap = note;
	}
	while (!world_is_over() && world.sim.now_us < s->start_us + TIME_LIMIT_US)
		link_sim_run(&world.sim, world.sim.now_us + US_PER_S);
	out->end_us = world.sim.now_us;
	for (unsigned i = 0; i < s->connections; i++) {
		const char *fault = connection_fault(&world.connection[i]);
		if (fault != NULL)
			seed_failed(s->seed, fault);
		assert_null(fault);
		out->bytes += world.connection[i].client.in_done +
			      world.connection[i].server.in_done;
	}
	for (unsigned i = 0; i < 2; i++)
		out->stats[i] = *tcp_stats(world.host[i].tcp);
	assert_null(world_end());
	world_stop();
}

static void frames_are_the_same_without_prediction(void **state)
{
	uint64_t n = MIN(options.seeds, UINT64_C(1000)), bytes = 0, frames = 0;

	(void)state;
	for (uint64_t seed = options.first_seed; seed < options.first_seed + n; seed++) {
		static struct outcome with, without;
		struct scenario s;
		seed_running = seed;
		scenario_draw(&s, seed);
		run_to_end(&s, true, &with);
		scenario_draw(&s, seed);
		run_to_end(&s, false, &without);
		if (memcmp(&with, &without, sizeof(with)) != 0)
			fail_msg("%s --seed=%llu: %llu frames until %llu with, %llu until %llu "
				 "without",
				 options.program, (unsigned long long)seed,
				 (unsigned long long)with.frames, (unsigned long long)with.end_us,
				 (unsigned long long)without.frames,
				 (unsigned long long)without.end_us);
		bytes += with.bytes;
		frames += with.frames;
		seed_running = 0;
	}
	print_message("%llu seeds, %llu bytes in %llu frames: the same both ways\n",
		      (unsigned long long)n, (unsigned long long)bytes, (unsigned long long)frames);
}

int prediction_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_the_same_without_prediction),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
