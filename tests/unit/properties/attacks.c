/* SPDX-License-Identifier: ISC */
/* Strangers who take what there is: a flood of SYNs. */
#include "tests/unit/properties/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum { SPOOFED_SYNS = 10000 };

/* --- a flood of SYNs ------------------------------------------------------------------------- */

static void spoof_syn(struct random *r, uint16_t port)
{
	uint8_t frame[FRAME_MAX], tcp[20] = {0};
	const struct frame_ipv4 ip = {
		.eth_dst = world.host[1].rig.fake.netif.mac,
		.eth_src = rig_other_mac,
		.src = UINT32_C(0xc6330000) + (uint32_t)random_below(r, 65536),
		.dst = SERVER_ADDR,
		.proto = IP_PROTO_TCP,
	};
	store_be16(tcp, (uint16_t)random_between(r, 1024, 65535));
	store_be16(tcp + 2, port);
	store_be32(tcp + 4, (uint32_t)random_u64(r));
	tcp[12] = 5 << 4;
	tcp[13] = 0x02;
	store_be16(tcp + 14, 65535);
	size_t len = frame_ipv4(frame, &ip, tcp, sizeof(tcp));
	csum_store(frame + FRAME_L4 + 16, frame_l4_error(frame, len));
	(void)link_sim_inject(&world.sim, 1, frame, len);
}

/* Who is connected notices nothing; who comes during the flood is served when it is over. */
static void connections_survive_a_flood_of_syns(void **state)
{
	struct scenario s;
	struct random r = {1};
	(void)state;
	scenario_plain(&s, 1);
	s.host[1].gateway = CLIENT_ADDR; /* answers to the spoofed addresses go there */
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].rate_bytes_per_s = 200000;
		s.link[i].queue_bytes = 32 * 1024;
	}
	s.connections = 2;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX, STREAM_BYTES_MAX);
	connection_plain(&world.connection[1], 10000, 10000);
	world.connection[1].connect_us = s.start_us + 5 * US_PER_S;
	world_start(&s);
	link_sim_run(&world.sim, s.start_us + US_PER_S);
	for (unsigned i = 0; i < SPOOFED_SYNS; i++) {
		spoof_syn(&r, (uint16_t)(FIRST_PORT + i % 2));
		link_sim_run(&world.sim, world.sim.now_us + US_PER_MS);
	}
	assert_true(tcp_stats(world.host[1].tcp)->syn_dropped > SPOOFED_SYNS / 2);
	assert_int_equal(tcp_stats(world.host[1].tcp)->out_of_memory, 0);
	link_sim_run(&world.sim, world.sim.now_us + 120 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_null(connection_fault(&world.connection[1]));
	assert_true(world.connection[0].server.over_us < s.start_us + 30 * US_PER_S);
	assert_null(world_end());
	world_stop();
}

int attack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_survive_a_flood_of_syns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
