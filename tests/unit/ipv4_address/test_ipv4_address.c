/* SPDX-License-Identifier: ISC */
/*
 * An address that is missing, comes, changes and goes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/ipv4/ipv4.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/net_rig.h"

#define LINK_LOCAL UINT32_C(0xa9fe0909) /* 169.254.9.9 */

enum { PROTO = 253 }; /* for experiments: RFC 3692 */

static struct net_rig rig;
static unsigned inputs;

static struct ipv4 *ipv4(void)
{
	return &rig.ipv4;
}

static void keep(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)self, (void)now_us, (void)meta;
	inputs++;
	pkt_put(p);
}

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	inputs = 0;
	assert_int_equal(ip_bind(&ipv4()->ip, PROTO, keep, NULL, NULL), OK);
	assert_int_equal(ip_bind(&ipv4()->ip, IP_PROTO_UDP, keep, NULL, NULL), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

static struct ip_meta to(uint32_t dst)
{
	return (struct ip_meta){
		.src = ip_addr_from_v4(ipv4()->addr), .dst = ip_addr_from_v4(dst), .proto = PROTO};
}

static enum err output(const struct ip_meta *meta)
{
	struct pkt *p = net_rig_packet(&rig, 8);
	enum err e = ip_output(&ipv4()->ip, rig.now_us, p, meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

/* A packet of PROTO to `dst` arrives. */
static void receive(uint32_t dst)
{
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	f.dst = dst;
	f.proto = PROTO;
	net_rig_receive(&rig, frame_ipv4(rig.frame, &f, "x", 1));
}

/* Whom ARP is asked for to reach `dst`. */
static uint32_t hop_to(uint32_t dst)
{
	const struct ip_meta meta = to(dst);
	assert_int_equal(output(&meta), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(load_be16(rig.frame + 12), ETH_TYPE_ARP);
	return load_be32(rig.frame + FRAME_ETH + 24);
}

static void set_address(uint32_t addr, uint8_t bits, uint32_t gateway)
{
	const struct ipv4_prefix prefix = {.addr = addr, .bits = bits};
	assert_int_equal(ipv4_set_address(ipv4(), rig.now_us, prefix, gateway), OK);
	net_rig_poll_at(&rig, rig.now_us + ARP_ANNOUNCE_US);
	while (net_rig_sent(&rig) > 0)
		continue;
}

/* What a datagram from `port` to `dst` comes to. */
static enum err output_udp_from(uint32_t src, uint32_t dst, uint16_t port)
{
	struct ip_meta meta = to(dst);
	meta.src = ip_addr_from_v4(src);
	meta.proto = IP_PROTO_UDP;
	struct pkt *p = net_rig_packet(&rig, 8);
	store_be16(p->data, port);
	enum err e = ip_output(&ipv4()->ip, rig.now_us, p, &meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

static enum err output_udp(uint32_t dst, uint16_t port)
{
	return output_udp_from(ipv4()->addr, dst, port);
}

static void without_an_address_only_a_dhcp_client_sends(void **state)
{
	(void)state;
	struct ip_meta all = to(IPV4_BROADCAST);
	struct ip_addr peer = ip_addr_from_v4(RIG_PEER);
	struct ip_route route;
	set_address(0, 0, 0);
	assert_int_equal(ip_route(&ipv4()->ip, &peer, &route), ERR_NOTREADY);
	assert_int_equal(output_udp(RIG_PEER, 68), ERR_NOTREADY);
	assert_int_equal(output_udp(0x0a0002ff, 68), ERR_NOTREADY);
	assert_int_equal(output_udp(IPV4_BROADCAST, 69), ERR_NOTREADY);
	all.src = ip_addr_from_v4(0);
	assert_int_equal(output(&all), ERR_NOTREADY); /* of another protocol */
	all.src = ip_addr_from_v4(RIG_ADDR);
	assert_int_equal(output(&all), ERR_INVALID); /* not ours any more */
	net_rig_poll_at(&rig, rig.now_us + 10 * US_PER_S);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(output_udp(IPV4_BROADCAST, 68), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_memory_equal(rig.frame, rig_everybody, 6);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 12), 0);
}

static size_t build_udp(uint32_t dst, uint16_t port)
{
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	f.dst = dst;
	return frame_udp(rig.frame, &f, 67, port, "x", 1);
}

static void without_an_address_only_a_dhcp_client_receives(void **state)
{
	(void)state;
	set_address(0, 0, 0);
	net_rig_receive(&rig, build_udp(IPV4_BROADCAST, 68));
	net_rig_receive(&rig, build_udp(RIG_ADDR, 68)); /* it may be offered */
	assert_int_equal(inputs, 2);
	net_rig_receive(&rig, build_udp(RIG_ADDR, 7));
	net_rig_receive(&rig, build_udp(IPV4_BROADCAST, 7));
	receive(RIG_ADDR); /* of another protocol */
	size_t len = build_udp(RIG_ADDR, 68);
	store_be16(rig.frame + FRAME_ETH + 6, 0x2000);
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, len);
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	f.dst = RIG_ADDR;
	f.proto = IP_PROTO_UDP;
	net_rig_receive(&rig, frame_ipv4(rig.frame, &f, "\0\103\0", 3)); /* no whole port */
	assert_int_equal(inputs, 2);
	assert_counted(ipv4()->stats.not_for_us, 5);
	assert_int_equal(net_rig_sent(&rig), 0); /* nor is anything answered */
}

static void a_new_address_is_used_and_announced(void **state)
{
	(void)state;
	static const struct ipv4_prefix new = {.addr = 0x0a000363, .bits = 24};
	set_address(0, 0, 0);
	assert_int_equal(ipv4_set_address(ipv4(), rig.now_us, new, 0x0a000301), OK);
	assert_int_equal(net_rig_sent(&rig), 42);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 14), new.addr);
	assert_int_equal(hop_to(0x0a000307), 0x0a000307);
	assert_int_equal(hop_to(RIG_PEER), 0x0a000301);
	receive(new.addr);
	assert_int_equal(inputs, 1);
	receive(RIG_ADDR);
	assert_int_equal(inputs, 1);
}

static void another_gateway_alone_is_not_announced(void **state)
{
	(void)state;
	static const struct ipv4_prefix same = {.addr = RIG_ADDR, .bits = 24};
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(ipv4_set_address(ipv4(), rig.now_us, same, RIG_PEER), OK);
	assert_int_equal(net_rig_sent(&rig), 0);
	struct ip_meta meta = to(RIG_FAR);
	assert_int_equal(output(&meta), OK); /* the neighbour is still known */
	assert_true(net_rig_sent(&rig) > 0);
	assert_memory_equal(rig.frame, rig_peer_mac, 6);
}

static void an_address_that_cannot_be_changes_nothing(void **state)
{
	(void)state;
	static const struct ipv4_prefix bad = {.addr = 0x7f000001, .bits = 8};
	static const struct ipv4_prefix good = {.addr = 0x0a000363, .bits = 24};
	assert_int_equal(ipv4_set_address(ipv4(), rig.now_us, bad, 0), ERR_INVALID);
	assert_int_equal(ipv4_set_address(ipv4(), rig.now_us, good, RIG_PEER), ERR_INVALID);
	assert_int_equal(ipv4()->addr, RIG_ADDR);
	assert_int_equal(ipv4()->gateway, RIG_GATEWAY);
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void what_waits_for_a_neighbour_goes_with_the_address(void **state)
{
	(void)state;
	struct ip_meta meta = to(RIG_PEER);
	assert_int_equal(output(&meta), OK);
	assert_int_equal(rig.arp.neighbours.waiting, 1);
	set_address(0, 0, 0);
	assert_int_equal(rig.arp.neighbours.waiting, 0);
	assert_int_equal(rig.tx.pool.used, 0);
}

/* RFC 3927 section 2.6.2. */
static void to_a_link_local_address_no_gateway_is_asked(void **state)
{
	(void)state;
	assert_int_equal(hop_to(LINK_LOCAL), LINK_LOCAL);
	assert_int_equal(hop_to(RIG_FAR), RIG_GATEWAY);
	struct ip_addr dst = ip_addr_from_v4(LINK_LOCAL);
	struct ip_route route;
	assert_int_equal(ip_route(&ipv4()->ip, &dst, &route), OK);
	assert_int_equal(route.prefix_bits, 16);
	set_address(0, 0, 0);
	const struct ip_meta meta = to(LINK_LOCAL);
	assert_int_equal(output(&meta), ERR_NOTREADY);
}

static void beside_a_link_local_address_a_dhcp_client_works(void **state)
{
	(void)state;
	struct ip_addr none = ip_addr_from_v4(0), all = ip_addr_from_v4(IPV4_BROADCAST);
	struct ip_route route;
	set_address(LINK_LOCAL, 16, 0);
	assert_int_equal(ip_route_from(&ipv4()->ip, &none, &all, &route), OK);
	assert_int_equal(ip_addr_v4(&route.src), 0);
	assert_int_equal(output_udp_from(0, IPV4_BROADCAST, 68), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 12), 0);
	assert_int_equal(output_udp_from(0, LINK_LOCAL + 1, 68), ERR_INVALID);
	assert_int_equal(output_udp_from(LINK_LOCAL, IPV4_BROADCAST, 69), OK);
	net_rig_receive(&rig, build_udp(RIG_ADDR, 68)); /* it may be offered */
	assert_int_equal(inputs, 1);
	net_rig_receive(&rig, build_udp(RIG_ADDR, 69));
	assert_int_equal(inputs, 1);
	set_address(RIG_ADDR, 24, 0);
	assert_int_equal(ip_route_from(&ipv4()->ip, &none, &all, &route), ERR_INVALID);
	assert_int_equal(output_udp_from(0, IPV4_BROADCAST, 68), ERR_INVALID);
	net_rig_receive(&rig, build_udp(RIG_ADDR + 1, 68));
	assert_int_equal(inputs, 1);
}

static void addresses_that_a_host_can_have(void **state)
{
	(void)state;
	static const struct {
		struct ipv4_prefix prefix;
		uint32_t gateway;
		enum err result;
	} cases[] = {
		{{RIG_ADDR, 24}, 0, OK},
		{{RIG_ADDR, 24}, RIG_GATEWAY, OK},
		{{RIG_ADDR, 24}, RIG_ADDR, ERR_INVALID},
		{{RIG_ADDR, 24}, RIG_FAR, ERR_INVALID},
		{{RIG_ADDR, 24}, 0x0a0002ff, ERR_INVALID},
		{{RIG_ADDR, 24}, 0x0a000200, ERR_INVALID},
		{{RIG_ADDR, 32}, RIG_FAR, OK},
		{{RIG_ADDR, 32}, 0x7f000001, ERR_INVALID},
		{{RIG_ADDR, 31}, 0x0a00020e, OK},
		{{RIG_ADDR, 33}, 0, ERR_INVALID},
		{{0x0a0002ff, 24}, 0, ERR_INVALID},
		{{0x0a000200, 24}, 0, ERR_INVALID},
		{{0x0a000200, 31}, 0, OK},
		{{0x0a0002ff, 32}, 0, OK},
		{{0, 24}, 0, ERR_INVALID},
		{{0, 0}, 0, OK}, /* none */
		{{0, 0}, RIG_GATEWAY, ERR_INVALID},
		{{0, 32}, 0, ERR_INVALID},
		{{0x7f000001, 8}, 0, ERR_INVALID},
		{{0xe0000001, 24}, 0, ERR_INVALID},
		{{0xffffffff, 24}, 0, ERR_INVALID},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct eth eth;
		struct ipv4 fresh;
		struct arp arp;
		eth_start(&eth, &rig.fake.netif, &rig.tx, (struct waker){0});
		assert_int_equal(arp_init(&arp, &eth, &rig.tx), OK);
		assert_int_equal(ipv4_start(&fresh, &eth, &arp, cases[i].prefix, cases[i].gateway,
					    rig.now_us),
				 cases[i].result);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_an_address_only_a_dhcp_client_sends),
		TEST(without_an_address_only_a_dhcp_client_receives),
		TEST(a_new_address_is_used_and_announced),
		TEST(another_gateway_alone_is_not_announced),
		TEST(an_address_that_cannot_be_changes_nothing),
		TEST(what_waits_for_a_neighbour_goes_with_the_address),
		TEST(to_a_link_local_address_no_gateway_is_asked),
		TEST(beside_a_link_local_address_a_dhcp_client_works),
		TEST(addresses_that_a_host_can_have),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
