/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/ipv4/routes.h"
#include "tests/fakes/net_rig.h"

#define ROUTER_A UINT32_C(0x0a000209) /* neighbours */
#define ROUTER_B UINT32_C(0x0a00020a)

static struct net_rig rig;
static struct ipv4_routes routes;

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	ipv4_routes_init(&routes, &rig.ipv4);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* Whom ARP is asked for to reach `dst`; 0: nobody, there is no way. */
static uint32_t hop_to(uint32_t dst)
{
	struct ip_meta meta = {
		.src = ip_addr_from_v4(RIG_ADDR), .dst = ip_addr_from_v4(dst), .proto = 253};
	struct pkt *p = net_rig_packet(&rig, 20);
	rig.arp.stats = (struct arp_stats){0};
	neighbours_clear(&rig.arp.neighbours); /* each question is the first */
	if (ip_output(&rig.ipv4.ip, rig.now_us, p, &meta) != OK) {
		pkt_put(p);
		return 0;
	}
	assert_true(net_rig_sent(&rig) > 0);
	return load_be32(rig.frame + FRAME_ETH + 24);
}

static uint8_t bits_to(uint32_t dst)
{
	struct ip_addr addr = ip_addr_from_v4(dst);
	struct ip_route route;
	assert_int_equal(ip_route(&rig.ipv4.ip, &addr, &route), OK);
	return route.prefix_bits;
}

static void the_longest_prefix_wins(void **state)
{
	(void)state;
	static const struct ipv4_route table[] = {
		{{0xc0a80000, 16}, ROUTER_A},
		{{0xc0a80100, 24}, ROUTER_B},
		{{0xc0a80107, 32}, RIG_PEER},
	};
	assert_int_equal(ipv4_routes_set(&routes, table, ARRAY_SIZE(table)), OK);
	assert_int_equal(hop_to(0xc0a80201), ROUTER_A);
	assert_int_equal(hop_to(0xc0a80101), ROUTER_B);
	assert_int_equal(hop_to(0xc0a80107), RIG_PEER);
	assert_int_equal(hop_to(RIG_FAR), RIG_GATEWAY);
	assert_int_equal(hop_to(RIG_PEER), RIG_PEER);
	assert_int_equal(bits_to(0xc0a80201), 16);
	assert_int_equal(bits_to(0xc0a80107), 32);
	assert_int_equal(bits_to(RIG_PEER), 24);
	assert_int_equal(bits_to(RIG_FAR), 0);
}

static void the_link_has_a_prefix_too(void **state)
{
	(void)state;
	static const struct ipv4_route table[] = {
		{{0x0a000000, 8}, ROUTER_A},  /* shorter than the link's */
		{{0x0a000280, 25}, ROUTER_B}, /* a part of the link that is elsewhere */
		{{0xac100000, 12}, 0},        /* on the link, though not of its prefix */
		{{0, 0}, ROUTER_A},           /* instead of the gateway */
	};
	assert_int_equal(ipv4_routes_set(&routes, table, ARRAY_SIZE(table)), OK);
	assert_int_equal(hop_to(RIG_PEER), RIG_PEER);
	assert_int_equal(hop_to(0x0a000301), ROUTER_A);
	assert_int_equal(hop_to(0x0a000281), ROUTER_B);
	assert_int_equal(hop_to(0xac1f0001), 0xac1f0001);
	assert_int_equal(hop_to(RIG_FAR), ROUTER_A);
	assert_int_equal(ipv4_routes_set(&routes, NULL, 0), OK);
	assert_int_equal(hop_to(RIG_FAR), RIG_GATEWAY);
}

static void of_two_equal_ones_the_first_is_used(void **state)
{
	(void)state;
	static const struct ipv4_route table[] = {{{0xc0a80000, 16}, ROUTER_A},
						  {{0xc0a80000, 16}, ROUTER_B}};
	assert_int_equal(ipv4_routes_set(&routes, table, 2), OK);
	assert_int_equal(hop_to(0xc0a80201), ROUTER_A);
}

static void a_router_elsewhere_is_not_used(void **state)
{
	(void)state;
	static const struct ipv4_route table[] = {
		{{0xc0a80100, 24}, RIG_FAR},    /* behind a router itself */
		{{0xc0a80100, 24}, RIG_ADDR},   /* ourselves */
		{{0xc0a80100, 24}, 0x0a0002ff}, /* the broadcast address */
		{{0xc0a80000, 16}, ROUTER_A},
	};
	const struct ipv4_prefix other = {0xac100005, 16};
	assert_int_equal(ipv4_routes_set(&routes, table, ARRAY_SIZE(table)), OK);
	assert_int_equal(hop_to(0xc0a80101), ROUTER_A);
	/* With another address none is a neighbour any more. */
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, other, 0), OK);
	struct ip_addr dst = ip_addr_from_v4(0xc0a80101);
	struct ip_route route;
	assert_int_equal(ip_route(&rig.ipv4.ip, &dst, &route), ERR_UNREACHABLE);
}

static void without_an_address_there_is_no_way(void **state)
{
	(void)state;
	static const struct ipv4_route table[] = {{{0xc0a80000, 16}, 0}};
	struct ip_addr dst = ip_addr_from_v4(0xc0a80101);
	struct ip_route route;
	assert_int_equal(ipv4_routes_set(&routes, table, 1), OK);
	assert_int_equal(ip_route(&rig.ipv4.ip, &dst, &route), OK);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, (struct ipv4_prefix){0}, 0), OK);
	assert_int_equal(ip_route(&rig.ipv4.ip, &dst, &route), ERR_NOTREADY);
}

static void routes_are_checked_and_bounded(void **state)
{
	(void)state;
	static const struct ipv4_route bad[] = {
		{{0xc0a80001, 16}, ROUTER_A},
		{{0xc0a80000, 33}, ROUTER_A},
		{{0x7f000000, 8}, ROUTER_A},
		{{0xe0000000, 4}, ROUTER_A},
		{{0xc0a80000, 16}, 0x7f000001},
		{{0xc0a80000, 16}, 0xe0000001},
		{{1, 0}, ROUTER_A},
	};
	struct ipv4_route many[IPV4_ROUTES_MAX + 1];
	const struct ipv4_route good = {{0xc0a80000, 16}, ROUTER_A};
	assert_int_equal(ipv4_routes_set(&routes, &good, 1), OK);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ipv4_routes_set(&routes, &bad[i], 1), ERR_INVALID);
	for (uint32_t i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = (struct ipv4_route){{0x0b000000 + (i << 16), 16}, ROUTER_B};
	assert_int_equal(ipv4_routes_set(&routes, many, ARRAY_SIZE(many)), ERR_NOMEM);
	assert_int_equal(hop_to(0xc0a80101), ROUTER_A); /* nothing has changed */
	assert_int_equal(ipv4_routes_set(&routes, many, IPV4_ROUTES_MAX), OK);
	for (uint32_t i = 0; i < IPV4_ROUTES_MAX; i++)
		assert_int_equal(hop_to(0x0b000001 + (i << 16)), ROUTER_B);
	assert_int_equal(hop_to(0xc0a80101), RIG_GATEWAY);
}

static void redirects_change_nothing(void **state)
{
	(void)state;
	uint8_t quoted[28] = {0x45, 0, 0, 28};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.src = RIG_GATEWAY;
	store_be32(quoted + 12, RIG_ADDR);
	store_be32(quoted + 16, RIG_FAR);
	for (uint8_t code = 0; code < 4; code++)
		net_rig_receive(&rig, frame_icmp(rig.frame, &ip, 5, code, ROUTER_A, quoted,
						 sizeof(quoted)));
	assert_int_equal(rig.icmp.stats.ignored, 4);
	assert_int_equal(hop_to(RIG_FAR), RIG_GATEWAY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_longest_prefix_wins),
		TEST(the_link_has_a_prefix_too),
		TEST(of_two_equal_ones_the_first_is_used),
		TEST(a_router_elsewhere_is_not_used),
		TEST(without_an_address_there_is_no_way),
		TEST(routes_are_checked_and_bounded),
		TEST(redirects_change_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
