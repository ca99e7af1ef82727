/* SPDX-License-Identifier: ISC */
/* Strangers who take what there is: a flood of SYNs, whose senders are nobody. */
#include "tests/unit/properties/tests.h"

enum {
	SPOOFED_SYNS = 10000,
	FAR_AWAY = 65536, /* as many senders, behind a router: the client stands for it … */
	NEARBY = 4096,    /* … or on the link, where each is looked for */
};

static void flood(bool v6, bool cookies)
{
	struct random r = {1};
	for (unsigned i = 0; i < SPOOFED_SYNS; i++) {
		world_spoof_syn(&r, (uint16_t)(FIRST_PORT + i % 2), v6, v6 ? NEARBY : FAR_AWAY);
		link_sim_run(&world.sim, world.sim.now_us + US_PER_MS);
	}
	const struct tcp_stats *tcp = tcp_stats(world.host[1].tcp);
	assert_true(cookies ? tcp->cookies_sent > SPOOFED_SYNS / 2
			    : tcp->syn_dropped > SPOOFED_SYNS / 2);
	assert_int_equal(tcp->out_of_memory, 0);
}

/* The server's way to the client was never lost, however many others it looked for. */
static void look_at_neighbours(bool cookies)
{
	const struct ndp *ndp = &world.host[1].ndp;
	assert_true(ndp->neighbours.stats.evicted > (cookies ? 1000 : 200));
	assert_int_equal(world.host[0].ndp.stats.failed, 0);
	assert_true(world.host[1].rig.tx.pool.used < RIG_PACKETS / 2);
}

/* Who is connected notices nothing; who comes during the flood is served: at once where there are
 * cookies, else when it is over. */
static void connections_survive(bool v6, bool cookies)
{
	struct scenario s;
	scenario_plain(&s, 1);
	if (v6)
		scenario_add_v6(&s);
	else
		s.host[1].gateway = CLIENT_ADDR; /* answers to the spoofed addresses go there */
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].rate_bytes_per_s = 200000;
		s.link[i].queue_bytes = 32 * 1024;
	}
	s.tcp[1].cookies = cookies;
	s.connections = 2;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX, STREAM_BYTES_MAX);
	connection_plain(&world.connection[1], 10000, 10000);
	uint64_t begin_us = s.start_us + (v6 ? V6_READY_US : 0);
	world.connection[0].v6 = world.connection[1].v6 = v6;
	world.connection[0].connect_us = begin_us;
	world.connection[1].connect_us = begin_us + 5 * US_PER_S;
	world_start(&s);
	link_sim_run(&world.sim, begin_us + US_PER_S);
	flood(v6, cookies);
	if (v6)
		look_at_neighbours(cookies);
	assert_true(world.connection[1].server.over || !cookies);
	link_sim_run(&world.sim, world.sim.now_us + 120 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_null(connection_fault(&world.connection[1]));
	assert_true(world.connection[0].server.over_us < begin_us + 30 * US_PER_S);
	assert_null(world_end());
	world_stop();
}

static void connections_survive_a_flood_of_syns(void **state)
{
	(void)state;
	connections_survive(false, false);
	connections_survive(false, true);
}

static void and_one_by_ipv6_from_everybody_on_the_link(void **state)
{
	(void)state;
	connections_survive(true, false);
	connections_survive(true, true);
}

int attack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_survive_a_flood_of_syns),
		cmocka_unit_test(and_one_by_ipv6_from_everybody_on_the_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
