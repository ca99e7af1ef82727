/* SPDX-License-Identifier: ISC */
/* Echoes over a link that loses and damages; many neighbours, there and not there. */
#include "tests/unit/properties/tests.h"

#include "base/bytes.h"
#include "base/checksum.h"

enum { PINGS = 2000, PING_BYTES = 64, STRANGERS = 200, MAC_BYTES = 6 };

/* An echo request from the client, as an application would send one. */
static enum err ping(uint32_t to, uint16_t number)
{
	struct sim_host *h = &world.host[0];
	struct pkt *p = pkt_alloc(&h->rig.tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	uint8_t *message = pkt_append(p, PING_BYTES);
	frame_pattern(message, PING_BYTES);
	store_be32(message, UINT32_C(0x08000000));
	store_be32(message + 4, number);
	csum_store(message + 2, csum_fold(csum_add(0, message, PING_BYTES)));
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(CLIENT_ADDR), .dst = ip_addr_from_v4(to), .proto = 1};
	enum err e = ip_output(&h->rig.ipv4.ip, world.sim.now_us, p, &meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

static uint32_t damage_noticed(const struct sim_host *h)
{
	return h->rig.ipv4.stats.bad_header + h->rig.ipv4.stats.bad_checksum +
	       h->rig.icmp.stats.bad;
}

/* Each request that arrives whole is answered, and no damaged one: the counts add up exactly. */
static void pings_are_answered_if_they_arrive_whole(void **state)
{
	struct scenario s;
	(void)state;
	scenario_plain(&s, 1);
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].loss_ppm = 50000;
		s.link[i].corrupt_ppm = 50000;
		s.link[i].duplicate_ppm = 10000;
	}
	world_start(&s);
	for (unsigned i = 0; i < PINGS; i++) {
		link_sim_run(&world.sim, world.sim.now_us + 50 * US_PER_MS);
		(void)ping(SERVER_ADDR, (uint16_t)i);
	}
	link_sim_run(&world.sim, world.sim.now_us + US_PER_S);
	const struct icmp_stats *server = &world.host[1].rig.icmp.stats;
	uint32_t answers = world.host[0].rig.icmp.stats.ignored; /* nobody there asked for them */
	assert_int_equal(server->echo_replies, server->echo_requests);
	assert_true(server->echo_requests > PINGS * 85 / 100);
	assert_true(answers > PINGS * 75 / 100 && answers < PINGS);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(damage_noticed(&world.host[1 - i]),
				 world.sim.direction[i].wire.stats.corrupted);
	assert_null(world_end());
	world_stop();
}

/* Asks the server for its address, as somebody with `number` would. */
static void stranger_asks(uint32_t number)
{
	uint8_t frame[FRAME_MAX];
	const uint8_t mac[MAC_BYTES] = {2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number};
	const struct frame_arp a = {.mac = mac,
				    .op = 1,
				    .sender = CLIENT_ADDR + 2 + number % STRANGERS,
				    .target = SERVER_ADDR};
	(void)link_sim_inject(&world.sim, 1, frame, frame_arp(frame, &a));
}

/* Strangers come and go by the hundred: whom one talks with stays known. */
static void neighbours_in_use_survive_a_crowd(void **state)
{
	struct scenario s;
	(void)state;
	scenario_plain(&s, 2);
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].rate_bytes_per_s = 20000;
		s.link[i].queue_bytes = 8192;
	}
	s.connections = 1;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX, 100000);
	world_start(&s);
	for (uint32_t i = 0; i < 10000 && !world_is_over(); i++) {
		stranger_asks(i);
		link_sim_run(&world.sim, world.sim.now_us + 10 * US_PER_MS);
	}
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_int_equal(world.host[0].rig.arp.stats.failed, 0);
	assert_true(world.host[1].rig.arp.neighbours.stats.evicted +
			    world.host[1].rig.arp.stats.not_learnt >
		    1000);
	assert_null(world_end());
	world_stop();
}

/* Packets for neighbours that are not there wait, few at a time, and are freed. */
static void absent_neighbours_hold_nothing(void **state)
{
	struct scenario s;
	(void)state;
	scenario_plain(&s, 3);
	world_start(&s);
	for (uint32_t i = 0; i < 3000; i++) {
		(void)ping(CLIENT_ADDR + 2 + i % STRANGERS, (uint16_t)i);
		if (i % 16 == 0)
			link_sim_run(&world.sim, world.sim.now_us + 20 * US_PER_MS);
		assert_true(world.host[0].rig.tx.pool.used <= ARP_WAITING_MAX + ARP_ENTRIES + 16);
	}
	assert_null(world_end());
	assert_true(world.host[0].rig.arp.stats.failed > 0);
	assert_true(world.host[0].rig.arp.neighbours.stats.dropped > 0);
	world_stop();
}

int neighbour_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pings_are_answered_if_they_arrive_whole),
		cmocka_unit_test(neighbours_in_use_survive_a_crowd),
		cmocka_unit_test(absent_neighbours_hold_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
