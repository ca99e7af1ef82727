/* SPDX-License-Identifier: ISC */
/*
 * Packets in and out: which are taken, where they are sent, and what transports learn of the way.
 */
#include "net/udp/udp.h"
#include "tests/unit/ipv6/bench.h"

static void takes_what_is_for_us(void **state)
{
	(void)state;
	uint8_t payload[100];
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.next = PROTO;
	ip.hop_limit = 1;
	ip.traffic_class = 0x2e;
	frame_pattern(payload, sizeof(payload));
	size_t len = frame_ipv6(rig.frame, &ip, payload, sizeof(payload));
	memset(rig.frame + len, 0xee, 20); /* padding of the frame */
	ipv6_rig_receive(&rig, len + 20);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.len, sizeof(payload));
	assert_memory_equal(taken.bytes, payload, sizeof(payload));
	assert_addr(&taken.meta.src, RIG6_PEER);
	assert_addr(&taken.meta.dst, RIG6_ADDR);
	assert_int_equal(taken.meta.proto, PROTO);
	assert_int_equal(taken.meta.ttl, 1);
	assert_int_equal(taken.meta.tos, 0x2e);
	assert_false(taken.meta.broadcast);
	assert_int_equal(taken.l4 - taken.l3, 40);
	ip.eth_dst = NULL;
	ip.dst = ip6("ff02::1");
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, payload, sizeof(payload)));
	assert_int_equal(taken.count, 2);
	assert_true(taken.meta.broadcast);
}

static void expect_dropped(const struct frame_ipv6 *ip, const uint32_t *counter)
{
	uint32_t before = *counter;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, ip, "payload", 7));
	assert_int_equal(*counter, before + 1);
	assert_int_equal(taken.count, 0);
	hears_nothing();
}

static void drops_what_is_not_with_the_reason(void **state)
{
	static const char *const bad[] = {"::1", "ff02::1", "::ffff:10.0.0.7", RIG6_ADDR, "::"};
	static const char *const not_ours[] = {"fd00::3", "::1", "::", "::ffff:10.0.2.15"};
	(void)state;
	const struct frame_ipv6 right = ipv6_rig_from_peer(&rig);
	struct frame_ipv6 ip = right;
	ip.next = PROTO;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		ip.src = ip6(bad[i]);
		expect_dropped(&ip, &rig.ipv6.stats.bad_source);
	}
	ip.src = right.src;
	for (unsigned i = 0; i < ARRAY_SIZE(not_ours); i++) {
		ip.dst = ip6(not_ours[i]);
		expect_dropped(&ip, &rig.ipv6.stats.not_for_us);
	}
	ip.dst = right.dst;
	ip.eth_dst = (const uint8_t *)"\x33\x33\x00\x00\x00\x01";
	expect_dropped(&ip, &rig.ipv6.stats.group_frames);
}

static void headers_that_are_none_are_dropped(void **state)
{
	(void)state;
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.next = PROTO;
	size_t whole = frame_ipv6(rig.frame, &ip, "payload", 7);
	for (size_t len = FRAME_ETH; len < whole; len++)
		ipv6_rig_receive(&rig, len);
	rig.frame[FRAME_ETH] = 0x40;
	ipv6_rig_receive(&rig, whole);
	assert_int_equal(rig.ipv6.stats.bad_header, whole - FRAME_ETH + 1);
	assert_int_equal(taken.count, 0);
}

static void sends_with_a_header_to_the_next_hop(void **state)
{
	(void)state;
	assert_int_equal(sends(RIG6_PEER, 100), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 100);
	const uint8_t *ip = rig.frame + FRAME_ETH;
	assert_memory_equal(rig.frame, rig6_peer_mac, 6);
	assert_int_equal(load_be16(rig.frame + 12), 0x86dd);
	assert_int_equal(load_be32(ip), 0x60000000);
	assert_int_equal(load_be16(ip + 4), 100);
	assert_int_equal(ip[6], PROTO);
	assert_int_equal(ip[7], 64);
	assert_int_equal(sends(RIG6_FAR, 1460), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1460);
	assert_memory_equal(rig.frame, rig6_router_mac, 6);
	assert_int_equal(sends("ff02::fb", 10), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 10);
	assert_memory_equal(rig.frame, "\x33\x33\x00\x00\x00\xfb", 6);
	assert_int_equal(ip[7], 1);
	assert_int_equal(rig.ipv6.stats.out, 3);
}

static void refuses_what_cannot_be_sent(void **state)
{
	(void)state;
	assert_int_equal(sends(RIG6_PEER, 1461), ERR_INVALID);
	assert_int_equal(rig.ipv6.stats.too_long, 1);
	assert_int_equal(sends(RIG6_ADDR, 10), ERR_UNREACHABLE);
	assert_int_equal(sends("::1", 10), ERR_UNREACHABLE);
	assert_int_equal(sends("::", 10), ERR_UNREACHABLE);
	assert_int_equal(sends("::ffff:10.0.0.1", 10), ERR_UNREACHABLE);
	assert_int_equal(rig.ipv6.stats.unreachable, 4);
	const struct ip_meta meta = {.src = ip6("fd00::3"), .dst = ip6(RIG6_PEER), .proto = PROTO};
	struct pkt *p = ipv6_rig_packet(&rig, 10);
	assert_int_equal(ip_output(&rig.ipv6.ip, rig.now_us, p, &meta), ERR_INVALID);
	assert_int_equal(rig.ipv6.stats.bad_from, 1);
	pkt_put(p);
	rig.fake.send_error = ERR_AGAIN;
	assert_int_equal(sends(RIG6_PEER, 10), ERR_AGAIN);
	hears_nothing();
}

static void routes_tell_source_and_mtu(void **state)
{
	(void)state;
	struct ip_route route;
	const struct ip_addr far = ip6(RIG6_FAR), link = ip6("fe80::7"), v4 = ip6("::ffff:1.2.3.4"),
			     own = ip6(RIG6_ADDR);
	assert_int_equal(ip_route(&rig.ipv6.ip, &far, &route), OK);
	assert_addr(&route.src, RIG6_ADDR);
	assert_int_equal(route.mtu, 1500);
	assert_int_equal(ip_route(&rig.ipv6.ip, &link, &route), OK);
	assert_true(ipv6_addr_is_link_local(&route.src));
	assert_int_equal(ip_route(&rig.ipv6.ip, &v4, &route), ERR_UNREACHABLE);
	assert_int_equal(ip_route(&rig.ipv6.ip, &own, &route), ERR_UNREACHABLE);
	rig.ndp.mtu = 1400;
	assert_int_equal(ip_route(&rig.ipv6.ip, &far, &route), OK);
	assert_int_equal(route.mtu, 1400);
	assert_int_equal(sends(RIG6_PEER, 1361), ERR_INVALID);
	ipv6_rig_fini(&rig);
	ipv6_rig_setup(&rig, 0); /* nothing but a link-local address */
	assert_int_equal(ip_route(&rig.ipv6.ip, &far, &route), ERR_NOTREADY);
	assert_int_equal(ip_route(&rig.ipv6.ip, &link, &route), OK);
}

static void large_segments_are_for_devices_that_cut_them(void **state)
{
	(void)state;
	static const uint32_t features[] = {NETIF_CSUM_TX | NETIF_SG,
					    NETIF_CSUM_TX | NETIF_SG | NETIF_TSO6};
	for (unsigned i = 0; i < 2; i++) {
		ipv6_rig_fini(&rig);
		setup_with(features[i]);
		const struct ip_meta meta = {
			.src = ip6(RIG6_ADDR), .dst = ip6(RIG6_PEER), .proto = PROTO};
		struct pkt *p = ipv6_rig_packet(&rig, 1800);
		p->flags = PKT_CSUM_PARTIAL | PKT_GSO_TCP6;
		p->csum_offset = 16;
		p->gso_bytes = 1000;
		p->gso_header = 20;
		enum err e = ip_output(&rig.ipv6.ip, rig.now_us, p, &meta);
		assert_int_equal(e, i == 0 ? ERR_INVALID : OK);
		if (e != OK)
			pkt_put(p);
		else
			assert_int_equal(
				list_entry(rig.fake.sent.next, struct pkt, node)->gso_header,
				20 + 40 + 14);
	}
}

static void protocols_are_bound_once_and_so_many_in_all(void **state)
{
	(void)state;
	assert_int_equal(ip_bind(&rig.ipv6.ip, PROTO, NULL, NULL, NULL), ERR_EXISTS);
	for (unsigned n = rig.ipv6.bindings.n; n < IP_BINDINGS_MAX; n++)
		assert_int_equal(ip_bind(&rig.ipv6.ip, (uint8_t)(100 + n), NULL, NULL, NULL), OK);
	assert_int_equal(ip_bind(&rig.ipv6.ip, 33, NULL, NULL, NULL), ERR_NOMEM);
}

/* --- UDP over it ----------------------------------------------------------------------------- */

static struct udp udp;

static void udp_echo(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		     const struct udp_peer *peer, const struct ip_addr *local)
{
	assert_int_equal(udp_send(&udp, s, now_us, p, peer, local), OK);
}

static void udp_goes_both_ways_and_needs_its_checksum(void **state)
{
	(void)state;
	struct udp_socket echo = {.port = 7, .input = udp_echo};
	const struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	assert_int_equal(udp_init(&udp, &rig.ipv6.ip, &rig.random.rng), OK);
	assert_int_equal(udp_open(&udp, &echo), OK);
	size_t len = frame_udp6(rig.frame, &ip, 40000, 7, "hello", 5);
	ipv6_rig_receive(&rig, len);
	assert_int_equal(ipv6_rig_sent(&rig), len);
	assert_int_equal(frame6_l4_error(rig.frame, len), 0);
	assert_memory_equal(rig.frame + FRAME6_L4 + 8, "hello", 5);
	len = frame_udp6(rig.frame, &ip, 40000, 7, "hello", 5);
	store_be16(rig.frame + FRAME6_L4 + 6, 0); /* as IPv4 would allow (RFC 8200 section 8.1) */
	ipv6_rig_receive(&rig, len);
	assert_int_equal(udp.stats.bad_checksum, 1);
	hears_nothing();
	len = frame_udp6(rig.frame, &ip, 40000, 9, "hello", 5);
	ipv6_rig_receive(&rig, len);
	hears(1, 4);
}

const struct CMUnitTest packets_tests[] = {
	TEST(takes_what_is_for_us),
	TEST(drops_what_is_not_with_the_reason),
	TEST(headers_that_are_none_are_dropped),
	TEST(sends_with_a_header_to_the_next_hop),
	TEST(refuses_what_cannot_be_sent),
	TEST(routes_tell_source_and_mtu),
	TEST(large_segments_are_for_devices_that_cut_them),
	TEST(protocols_are_bound_once_and_so_many_in_all),
	TEST(udp_goes_both_ways_and_needs_its_checksum),
};
const size_t n_packets_tests = ARRAY_SIZE(packets_tests);
