/* SPDX-License-Identifier: ISC */
/*
 * Ways that are noted (struct ip_meta): a packet with a note leaves in the same frame as one that
 * looks for its way, whatever has happened since the note was made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/ipv4/routes.h"
#include "tests/fakes/net_rig.h"
#include "tests/fakes/random.h"

#define ROUTER UINT32_C(0x0a000209) /* another neighbour that knows the way to far */

static struct net_rig rig;
static struct ipv4_routes routes;

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, NETIF_CSUM_TX | NETIF_TSO4);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

static struct ip_meta to(uint32_t dst, uint32_t *way)
{
	return (struct ip_meta){.src = ip_addr_from_v4(rig.ipv4.addr),
				.dst = ip_addr_from_v4(dst),
				.proto = IP_PROTO_TCP,
				.way = way};
}

/* What became of a packet. */
struct sent {
	enum err e;
	size_t len; /* of the frame with it; 0: it waits */
	uint8_t frame[FRAME_MAX];
	uint16_t csum_start, l3, l4;
};

static struct sent send(const struct ip_meta *meta, size_t len, uint8_t flags)
{
	struct sent s = {0};
	struct pkt *p = net_rig_packet(&rig, len);
	const uint8_t *data = p->data;
	p->flags = flags;
	p->csum_start = 6;
	s.e = ip_output(&rig.ipv4.ip, rig.now_us, p, meta);
	s.csum_start = p->csum_start;
	s.l3 = p->l3;
	s.l4 = p->l4;
	if (s.e != OK) {
		assert_ptr_equal(p->data, data);
		assert_int_equal(p->len, len);
		pkt_put(p);
	}
	for (size_t n; (n = net_rig_sent(&rig)) > 0;) {
		if (load_be16(rig.frame + 12) != ETH_TYPE_IPV4)
			continue;
		assert_int_equal(s.len, 0);
		s.len = n;
		memcpy(s.frame, rig.frame, n);
	}
	return s;
}

/* But for the number of what routers may fragment, as of a minimal IPv4 all. */
static void same_frame(struct sent *a, struct sent *b)
{
	enum { ID = FRAME_ETH + 4 };

	if (inet_is_minimal && a->len > 0 && b->len > 0) {
		assert_int_not_equal(load_be16(b->frame + ID), load_be16(a->frame + ID));
		store_be16(b->frame + ID, load_be16(a->frame + ID));
		frame_ipv4_fix(b->frame);
	}
	assert_memory_equal(a->frame, b->frame, a->len);
}

/* Sends twice, without a note and with it, and compares; returns what was sent. */
static struct sent send_both(const struct ip_meta *meta, size_t len, uint8_t flags)
{
	struct ip_meta plain = *meta;
	plain.way = NULL;
	struct sent a = send(&plain, len, flags), b = send(meta, len, flags);
	assert_int_equal(a.e, b.e);
	assert_int_equal(a.len, b.len);
	same_frame(&a, &b);
	assert_int_equal(a.csum_start, b.csum_start);
	if (a.e == OK) {
		assert_int_equal(a.l3, b.l3);
		assert_int_equal(a.l4, b.l4);
	}
	return b;
}

/* A neighbour asks for our address. What is sent then is taken away. */
static void learn(uint32_t addr, const uint8_t *mac)
{
	const struct frame_arp request = {
		.mac = mac, .op = 1, .sender = addr, .target = rig.ipv4.addr};
	net_rig_receive(&rig, frame_arp(rig.frame, &request));
	while (net_rig_sent(&rig) > 0)
		continue;
}

static void frames_are_the_same(void **state)
{
	(void)state;
	uint32_t near = 0, far = 0;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	net_rig_know(&rig, RIG_GATEWAY, rig_gateway_mac);
	for (unsigned i = 0; i < 64; i++) {
		struct ip_meta meta =
			to(i % 2 == 0 ? RIG_PEER : RIG_FAR, i % 2 == 0 ? &near : &far);
		meta.tos = (uint8_t)(i * 5);
		meta.ttl = (uint8_t)(i / 4);
		struct sent s = send_both(&meta, i * 23, i % 3 == 0 ? PKT_CSUM_PARTIAL : 0);
		assert_int_equal(s.e, OK);
		assert_memory_equal(s.frame, i % 2 == 0 ? rig_peer_mac : rig_gateway_mac, 6);
	}
	assert_int_not_equal(near, 0);
	assert_int_not_equal(far, near);
}

static void nothing_is_noted_before_the_neighbour_has_answered(void **state)
{
	(void)state;
	uint32_t way = 0, many = 0;
	const struct ip_meta meta = to(RIG_PEER, &way), all = to(IPV4_BROADCAST, &many);
	assert_int_equal(send(&meta, 20, 0).len, 0);
	assert_int_equal(way, 0);
	learn(RIG_PEER, rig_peer_mac);
	assert_true(send(&meta, 20, 0).len > 0);
	assert_int_not_equal(way, 0);
	assert_true(send(&all, 20, 0).len > 0);
	assert_int_equal(many, 0);
}

static void what_may_not_be_sent_is_refused_all_the_same(void **state)
{
	(void)state;
	uint32_t way = 0;
	struct ip_meta meta = to(RIG_PEER, &way);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	(void)send(&meta, 20, 0);
	assert_int_not_equal(way, 0);
	assert_int_equal(send_both(&meta, 1480, 0).e, OK);
	assert_int_equal(send_both(&meta, 1481, 0).e, ERR_INVALID);
	assert_int_equal(send_both(&meta, 1600, PKT_GSO_TCP4 | PKT_CSUM_PARTIAL).e, OK);
	rig.fake.queue_max = 0;
	assert_int_equal(send_both(&meta, 20, PKT_CSUM_PARTIAL).e, ERR_AGAIN);
	rig.fake.queue_max = 100;
	meta.src = ip_addr_from_v4(RIG_ADDR + 1);
	assert_int_equal(send_both(&meta, 20, 0).e, ERR_INVALID);
}

/* Where a packet to `far` goes, with a note. */
static void expect_way(uint32_t *way, const uint8_t *mac)
{
	const struct ip_meta meta = to(RIG_FAR, way);
	struct sent s = send_both(&meta, 20, 0);
	assert_int_equal(s.e, OK);
	assert_memory_equal(s.frame, mac, 6);
}

static void a_way_that_has_changed_is_noticed(void **state)
{
	(void)state;
	const struct ipv4_prefix prefix = {.addr = RIG_ADDR, .bits = 24};
	const struct ipv4_route route = {.dst = {RIG_FAR, 32}, .gateway = ROUTER};
	uint32_t way = 0;
	net_rig_know(&rig, RIG_GATEWAY, rig_gateway_mac);
	net_rig_know(&rig, ROUTER, rig_other_mac);
	expect_way(&way, rig_gateway_mac);
	net_rig_know(&rig, RIG_GATEWAY, rig_peer_mac); /* the router has a new card */
	expect_way(&way, rig_peer_mac);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, prefix, ROUTER), OK);
	expect_way(&way, rig_other_mac);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, prefix, RIG_GATEWAY), OK);
	expect_way(&way, rig_peer_mac);
#ifndef PLAIN_IPV4 /* which has no other routes */
	ipv4_routes_init(&routes, &rig.ipv4);
	assert_int_equal(ipv4_routes_set(&routes, &route, 1), OK);
	expect_way(&way, rig_other_mac);
	assert_int_equal(ipv4_routes_set(&routes, NULL, 0), OK);
	expect_way(&way, rig_peer_mac);
#endif
}

/* The way is used, so the neighbour on it is asked before it is forgotten, as without a note. */
static void a_neighbour_on_a_noted_way_is_in_use(void **state)
{
	(void)state;
	uint32_t way = 0;
	const struct ip_meta meta = to(RIG_PEER, &way);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	(void)send(&meta, 20, 0);
	rig.now_us += 10 * US_PER_S;
	(void)send(&meta, 20, 0);
	net_rig_poll_at(&rig, rig.now_us + ARP_REACHABLE_US);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(load_be16(rig.frame + 12), ETH_TYPE_ARP);
	assert_memory_equal(rig.frame, rig_peer_mac, 6);
	for (unsigned i = 0; i < ARP_TRIES; i++) /* it does not answer */
		net_rig_poll_at(&rig, rig.now_us + ARP_RETRY_US);
	assert_null(neighbour_numbered(&rig.arp.neighbours, way));
	assert_int_equal(send_both(&meta, 20, 0).len, 0);
}

/* --- anything may happen --------------------------------------------------------------------- */

enum { HOSTS = 2 * ARP_ENTRIES, STEPS = 20000 };

static void happen(struct random *r)
{
	const uint8_t mac[6] = {2, 0, 0, 1, 0, (uint8_t)random_u64(r)};
	const struct ipv4_prefix prefix = {.addr = RIG_ADDR + (uint32_t)random_below(r, 2),
					   .bits = 24};
	uint32_t host = RIG_ADDR + 10 + (uint32_t)random_below(r, HOSTS);
	switch (random_below(r, 40)) {
	case 0:
		assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, prefix, host), OK);
		break;
	case 1:
		net_rig_poll_at(&rig, rig.now_us + random_below(r, 30 * US_PER_S));
		break;
	default:
		learn(host, mac);
	}
}

static void notes_never_lead_elsewhere(void **state)
{
	(void)state;
	static uint32_t way[HOSTS + 1];
	struct random r = {.state = 4};
	unsigned sent = 0, noted = 0;
	memset(way, 0, sizeof(way));
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned host = (unsigned)random_below(&r, HOSTS + 1);
		uint32_t dst = host < HOSTS ? RIG_ADDR + 10 + host : RIG_FAR;
		struct ip_meta meta = to(dst, &way[host]);
		noted += neighbour_numbered(&rig.arp.neighbours, way[host]) != NULL;
		sent += send_both(&meta, 20, 0).len > 0;
		happen(&r);
	}
	assert_true(sent > STEPS / 8 && noted > STEPS / 100 && noted < sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(frames_are_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_is_noted_before_the_neighbour_has_answered,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_may_not_be_sent_is_refused_all_the_same, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_way_that_has_changed_is_noticed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_neighbour_on_a_noted_way_is_in_use, setup,
						teardown),
#ifndef RIG_SMALLEST /* it has more packets under way */
		cmocka_unit_test_setup_teardown(notes_never_lead_elsewhere, setup, teardown),
#endif
	};
	return cmocka_run_group_tests_name("ipv4_ways", tests, NULL, NULL);
}
