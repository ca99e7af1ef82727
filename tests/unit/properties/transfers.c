/* SPDX-License-Identifier: ISC */
/*
 * Thousands of transfers between two stacks, each with a link, hosts and users drawn from a seed:
 * what arrives is what was sent, in bounded time, and afterwards nothing is left.
 */
#include "tests/unit/properties/tests.h"

/* Three times what the slowest of a hundred thousand seeds took. */
#define TIME_LIMIT_US (3600 * (uint64_t)US_PER_S)

struct totals {
	uint64_t bytes, frames, lost, corrupted, duplicated, reordered, polls, retransmits;
	unsigned failed;
	uint64_t slowest_us, slowest_seed;
	uint64_t v6, runs, cookies; /* connections, what was put together, handshakes */
};

static void add_totals(struct totals *t, const struct scenario *s)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct link_wire_stats *w = &world.sim.direction[i].wire.stats;
		t->frames += w->sent;
		t->lost += w->sent - w->delivered + w->duplicated;
		t->corrupted += w->corrupted;
		t->duplicated += w->duplicated;
		t->reordered += w->reordered;
		t->retransmits += tcp_stats(world.host[i].tcp)->retransmits;
		t->cookies += tcp_stats(world.host[i].tcp)->cookies_taken;
		t->runs += world.sim.direction[i].runs;
	}
	for (unsigned i = 0; i < s->connections; i++)
		t->v6 += world.connection[i].v6;
	t->polls += world.sim.polls;
	for (unsigned i = 0; i < s->connections; i++)
		t->bytes += world.connection[i].client.in_done + world.connection[i].server.in_done;
}

/* scenario_draw() or scenario_draw_smallest(). */
typedef void draw_fn(struct scenario *s, uint64_t seed);

/* Runs one seed: what is wrong, or NULL. */
static const char *run_drawn(draw_fn *draw, uint64_t seed, struct totals *t)
{
	struct scenario s;
	const char *fault = NULL;
	seed_running = seed;
	draw(&s, seed);
	world_start(&s);
	if (options.trace)
		world_trace();
	while (!world_is_over() && world.sim.now_us < s.start_us + TIME_LIMIT_US)
		link_sim_run(&world.sim, world.sim.now_us + US_PER_S);
	uint64_t took_us = world.sim.now_us - s.start_us;
	if (!world_is_over())
		fault = "not over in time";
	for (unsigned i = 0; i < s.connections && fault == NULL; i++)
		fault = connection_fault(&world.connection[i]);
	if (fault != NULL)
		world_describe(&s);
	const char *leak = world_end();
	if (fault == NULL && leak != NULL)
		world_describe(&s);
	add_totals(t, &s);
	if (took_us > t->slowest_us) {
		t->slowest_us = took_us;
		t->slowest_seed = seed;
	}
	world_stop();
	seed_running = 0;
	return fault != NULL ? fault : leak;
}

static const char *run_seed(uint64_t seed, struct totals *t)
{
	return run_drawn(scenario_draw, seed, t);
}

static void run_seeds(draw_fn *draw, uint64_t seeds)
{
	struct totals t = {0};
	for (uint64_t i = 0; i < seeds; i++) {
		const char *fault = run_drawn(draw, options.first_seed + i, &t);
		if (fault == NULL)
			continue;
		t.failed++;
		seed_failed(options.first_seed + i, fault);
	}
	print_message(
		"%llu seeds: %llu bytes in %llu frames, %llu lost, %llu damaged, %llu "
		"repeated, %llu reordered, %llu retransmissions, %llu polls; the slowest, "
		"%llu, took %llu s of virtual time; %llu connections by IPv6, %llu by cookies, "
		"%llu runs\n",
		(unsigned long long)seeds, (unsigned long long)t.bytes,
		(unsigned long long)t.frames, (unsigned long long)t.lost,
		(unsigned long long)t.corrupted, (unsigned long long)t.duplicated,
		(unsigned long long)t.reordered, (unsigned long long)t.retransmits,
		(unsigned long long)t.polls, (unsigned long long)t.slowest_seed,
		(unsigned long long)(t.slowest_us / US_PER_S), (unsigned long long)t.v6,
		(unsigned long long)t.cookies, (unsigned long long)t.runs);
	assert_int_equal(t.failed, 0);
}

static void every_seed_arrives_whole(void **state)
{
	(void)state;
	run_seeds(scenario_draw, options.seeds);
}

/* Fewer: they lose more, to their own pools, and take longer. */
static void and_with_the_smallest_pools(void **state)
{
	(void)state;
	run_seeds(scenario_draw_smallest, options.only_seed ? 1 : options.seeds / 3);
}

/* What a window promises, a pool of four packets holds: nothing is lost on a clean link. */
static void the_smallest_server_takes_what_its_window_promises(void **state)
{
	enum { BYTES = 64 * 1024 };
	struct scenario s;
	(void)state;
	scenario_draw_smallest(&s, 2);
	struct sim_host_config server = s.host[1];
	struct tcp_config tcp = s.tcp[1];
	scenario_plain(&s, 2);
	s.tcp[1] = tcp;
	s.host[1].packets = server.packets;
	s.connections = 1;
	connection_plain(&world.connection[0], BYTES, 0);
	world_start(&s);
	link_sim_run(&world.sim, s.start_us + 2 * US_PER_S);
	assert_true(world_is_over());
	assert_int_equal(world.connection[0].server.in_done, BYTES);
	assert_int_equal(tcp_stats(world.host[0].tcp)->retransmits, 0);
	assert_null(world_end());
	world_stop();
}

/* Copies took all packets, and left none for the segments that would have freed them. */
static void smallest_seeds_that_failed_once(void **state)
{
	struct totals t = {0};
	(void)state;
	assert_null(run_drawn(scenario_draw_smallest_v4, 137, &t));
}

/* Windows that promised too much, closed flows that were cut short, probes that met, answers that
 * were taken for round trips, windows that were not taken. */
static void seeds_that_failed_once(void **state)
{
	static const uint64_t seeds[] = {40396, 51018, 52895, 63912, 68903, 73167,  77865,
					 81104, 82267, 86512, 89305, 89593, 102400, 130206};
	struct totals t = {0};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(seeds); i++)
		assert_null(run_drawn(scenario_draw_v4, seeds[i], &t));
}

/* A link that breaks is a reason to give up, and silence without one is none. */
static void only_who_is_cut_off_may_give_up(void **state)
{
	struct scenario s;
	(void)state;
	scenario_plain(&s, 1);
	s.connections = 1;
	s.link[0].delay_us = s.link[1].delay_us = 20 * US_PER_MS;
	struct connection *c = &world.connection[0];
	connection_plain(c, STREAM_BYTES_MAX, 0);
	world_start(&s);
	link_sim_run(&world.sim, s.start_us + 190 * US_PER_MS);
	assert_in_range(c->server.in_done, 1, STREAM_BYTES_MAX - 1);
	for (unsigned i = 0; i < 2; i++)
		world.sim.direction[i].wire.conditions.loss_ppm = 1000000;
	link_sim_run(&world.sim, s.start_us + 600 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	assert_int_equal(c->client.error, ERR_TIMEOUT);
	assert_null(connection_fault(c));
	c->notice[0].arrived_us = c->client.over_us; /* nobody answered what arrived */
	assert_non_null(connection_fault(c));
	c->notice[1].arrived_us = c->client.over_us - 50 * US_PER_S; /* the peer was heard */
	assert_non_null(connection_fault(c));
	(void)world_end();
	world_stop();
}

/* Otherwise a failing seed would be worth nothing. */
static void a_seed_repeats_exactly(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct totals first = {0}, second = {0};
		(void)run_seed(seed, &first);
		(void)run_seed(seed, &second);
		assert_memory_equal(&first, &second, sizeof(first));
	}
}

static int one_seed(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_seed_arrives_whole),
		cmocka_unit_test(and_with_the_smallest_pools),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int transfer_tests(void)
{
	if (options.only_seed)
		return one_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_seed_arrives_whole),
		cmocka_unit_test(and_with_the_smallest_pools),
		cmocka_unit_test(smallest_seeds_that_failed_once),
		cmocka_unit_test(the_smallest_server_takes_what_its_window_promises),
		cmocka_unit_test(seeds_that_failed_once),
		cmocka_unit_test(only_who_is_cut_off_may_give_up),
		cmocka_unit_test(a_seed_repeats_exactly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
