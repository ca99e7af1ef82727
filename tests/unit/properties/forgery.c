/* SPDX-License-Identifier: ISC */
/*
 * A third station on the link sends what it should not: ICMP errors that lie, resets, SYNs and data
 * for a connection that is not its own (RFC 5927, RFC 5961). Off the path it knows the addresses
 * and ports and has to guess the numbers; on the path it knows the window too, and only aims beside
 * what would be believed. The transfer goes on.
 */
#include "tests/unit/properties/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum { SEEDS = 24, QUOTED_BYTES = 28, RST = 0x04, SYN = 0x02, PSH = 0x08, ACK = 0x10 };

/* The latest segment in each direction: [0] from the client. */
static struct seen {
	uint8_t ip[FRAME_MAX];
	bool any;
	uint16_t from, to;
	uint32_t seq, ack;
} seen[2];

static void look(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	struct seen *s = self;
	(void)now_us;
	(void)lost;
	if (len < FRAME_L4 + 20 || load_be16(frame + 12) != 0x0800 || frame[FRAME_ETH + 9] != 6)
		return;
	memcpy(s->ip, frame + FRAME_ETH, QUOTED_BYTES);
	s->any = true;
	s->from = load_be16(frame + FRAME_L4);
	s->to = load_be16(frame + FRAME_L4 + 2);
	s->seq = load_be32(frame + FRAME_L4 + 4);
	s->ack = load_be32(frame + FRAME_L4 + 8);
}

static struct frame_ipv4 as_if_from(unsigned side)
{
	return (struct frame_ipv4){
		.eth_dst = world.host[1 - side].rig.fake.netif.mac,
		.eth_src = rig_other_mac,
		.src = side == 0 ? CLIENT_ADDR : SERVER_ADDR,
		.dst = side == 0 ? SERVER_ADDR : CLIENT_ADDR,
	};
}

/* A segment as if from `side`, to its peer. */
static void forge_segment(unsigned side, uint32_t seq, uint32_t ack, uint8_t flags, size_t payload)
{
	uint8_t frame[FRAME_MAX], tcp[20 + 512] = {0};
	struct frame_ipv4 ip = as_if_from(side);
	ip.proto = IP_PROTO_TCP;
	store_be16(tcp, seen[side].from);
	store_be16(tcp + 2, seen[side].to);
	store_be32(tcp + 4, seq);
	store_be32(tcp + 8, ack);
	tcp[12] = 5 << 4;
	tcp[13] = flags;
	store_be16(tcp + 14, 1000);
	size_t len = frame_ipv4(frame, &ip, tcp, 20 + payload);
	csum_store(frame + FRAME_L4 + 16, frame_l4_error(frame, len));
	(void)link_sim_inject(&world.sim, 1 - side, frame, len);
}

/* An ICMP error to `side` about the last segment that it sent, or about one with another number. */
static void forge_error(struct random *r, unsigned side, bool in_flight)
{
	uint8_t frame[FRAME_MAX], quoted[QUOTED_BYTES];
	struct frame_ipv4 ip = as_if_from(1 - side);
	uint8_t code = (uint8_t)random_below(r, 16);
	memcpy(quoted, seen[side].ip, sizeof(quoted));
	if (!in_flight)
		store_be32(quoted + 24, (uint32_t)random_u64(r));
	uint32_t mtu = (uint32_t)random_below(r, 1500);
	size_t len = frame_icmp(frame, &ip, 3, code, mtu, quoted, sizeof(quoted));
	(void)link_sim_inject(&world.sim, side, frame, len);
}

static void off_the_path(struct random *r)
{
	unsigned side = (unsigned)random_below(r, 2);
	uint32_t seq = (uint32_t)random_u64(r), ack = (uint32_t)random_u64(r);
	switch (random_below(r, 5)) {
	case 0:
		forge_error(r, side, false);
		break;
	case 1:
		forge_segment(side, seq, 0, RST, 0);
		break;
	case 2:
		forge_segment(side, seq, ack, RST | ACK, 0);
		break;
	case 3:
		forge_segment(side, seq, 0, SYN, 0);
		break;
	default:
		forge_segment(side, seq, ack, PSH | ACK, 1 + random_below(r, 512));
		break;
	}
}

static void on_the_path(struct random *r)
{
	unsigned side = (unsigned)random_below(r, 2);
	/* Beside all numbers that the peer may expect next, but in its window or close to it. */
	uint32_t seq = seen[side].seq + 20000 + (uint32_t)random_below(r, 30000);
	switch (random_below(r, 4)) {
	case 0:
		forge_error(r, side, true);
		break;
	case 1:
		forge_segment(side, seq, 0, RST, 0);
		break;
	case 2:
		forge_segment(side, seq, seen[side].ack, SYN | (uint8_t)random_below(r, 2) * ACK,
			      0);
		break;
	default: /* an acknowledgement of what was never sent, with data */
		forge_segment(side, seq, seen[side].ack + (1u << 30), PSH | ACK, 100);
		break;
	}
}

static uint64_t transfer_under(void (*attack)(struct random *r), uint64_t seed)
{
	struct scenario s;
	struct random r = {seed};
	scenario_plain(&s, seed);
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].delay_us = 5000;
		s.link[i].loss_ppm = 2000;
	}
	s.connections = 1;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX / 2, STREAM_BYTES_MAX / 2);
	memset(seen, 0, sizeof(seen));
	world_start(&s);
	for (unsigned i = 0; i < 2; i++) {
		world.sim.direction[i].tap = look;
		world.sim.direction[i].tap_self = &seen[i];
	}
	/* Not into the handshake: who sees a SYN go by can answer it. */
	link_sim_run(&world.sim, s.start_us + 30 * US_PER_MS);
	while (!world_is_over() && world.sim.now_us < s.start_us + 300 * (uint64_t)US_PER_S) {
		if (attack != NULL)
			attack(&r);
		link_sim_run(&world.sim, world.sim.now_us + 2 * US_PER_MS);
	}
	uint64_t took_us = world.sim.now_us - s.start_us;
	if (!world_is_over() || connection_fault(&world.connection[0]) != NULL) {
		print_error("seed %llu: %s\n", (unsigned long long)seed,
			    connection_fault(&world.connection[0]));
		world_describe(&s);
	}
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_null(world_end());
	world_stop();
	return took_us;
}

static void transfers_go_on_under(void (*attack)(struct random *r))
{
	uint64_t calm_us = 0, attacked_us = 0;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		calm_us += transfer_under(NULL, seed);
		attacked_us += transfer_under(attack, seed);
	}
	print_message("%u transfers took %llu ms of virtual time, %llu ms without\n", SEEDS,
		      (unsigned long long)attacked_us / US_PER_MS,
		      (unsigned long long)calm_us / US_PER_MS);
	assert_true(attacked_us < 8 * calm_us);
}

static void guesses_change_nothing(void **state)
{
	(void)state;
	transfers_go_on_under(off_the_path);
}

static void near_misses_change_little(void **state)
{
	(void)state;
	transfers_go_on_under(on_the_path);
}

int forgery_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guesses_change_nothing),
		cmocka_unit_test(near_misses_change_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
