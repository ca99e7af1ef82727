/* SPDX-License-Identifier: ISC */
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

enum { PROTO = 253, PAYLOAD = 50 }; /* for experiments: RFC 3692 */

static struct net_rig rig;
static unsigned inputs, errors;
static struct ip_meta last;
static uint8_t last_payload[FRAME_MAX], last_flags;
static size_t last_len;

static struct ipv4 *ipv4(void)
{
	return &rig.ipv4;
}

static void keep(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	assert_ptr_equal(self, &inputs);
	assert_int_equal(now_us, rig.now_us);
	assert_int_equal(p->l4, pkt_headroom(p));
	assert_int_equal(p->buf[p->l3] >> 4, 4);
	inputs++;
	last = *meta;
	last_flags = p->flags;
	last_len = netif_fake_flatten(p, last_payload, sizeof(last_payload));
	pkt_put(p);
}

static void keep_error(void *self, uint64_t now_us, const struct ip_meta *meta,
		       const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu)
{
	(void)now_us, (void)transport;
	assert_ptr_equal(self, &inputs);
	assert_int_equal(meta->proto, PROTO);
	assert_int_equal(len, 8);
	assert_int_equal(error, ERR_REFUSED);
	assert_int_equal(mtu, 0);
	errors++;
}

static void setup_as(uint32_t addr, uint8_t bits, uint32_t gateway, uint32_t features)
{
	net_rig_init(&rig, features);
	net_rig_start(&rig, addr, bits, gateway);
	inputs = 0;
	errors = 0;
	assert_int_equal(ip_bind(&ipv4()->ip, PROTO, keep, keep_error, &inputs), OK);
	memset(&ipv4()->stats, 0, sizeof(ipv4()->stats));
}

static int setup(void **state)
{
	(void)state;
	setup_as(RIG_ADDR, 24, RIG_GATEWAY, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* Writes a frame from the neighbour with PAYLOAD bytes, as `change` says. */
static size_t build(const struct frame_ipv4 *change)
{
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	uint8_t payload[PAYLOAD];
	frame_pattern(payload, sizeof(payload));
	if (change != NULL) {
		f.src = change->src != 0 ? change->src : f.src;
		f.dst = change->dst != 0 ? change->dst : f.dst;
		f.eth_dst = change->eth_dst != NULL ? change->eth_dst : f.eth_dst;
		f.tos = change->tos;
		f.ttl = change->ttl;
		f.fragment = change->fragment;
		f.option_bytes = change->option_bytes;
	}
	f.proto = change != NULL && change->proto != 0 ? change->proto : PROTO;
	return frame_ipv4(rig.frame, &f, payload, sizeof(payload));
}

/* --- receiving ------------------------------------------------------------------------------- */

static void delivers_payload_and_addresses(void **state)
{
	(void)state;
	uint8_t payload[PAYLOAD];
	struct ip_addr src = ip_addr_from_v4(RIG_PEER), dst = ip_addr_from_v4(RIG_ADDR);
	frame_pattern(payload, sizeof(payload));
	net_rig_receive(&rig, build(&(struct frame_ipv4){.tos = 0x2e, .ttl = 9}));
	assert_int_equal(inputs, 1);
	assert_true(ip_addr_equal(&last.src, &src));
	assert_true(ip_addr_equal(&last.dst, &dst));
	assert_int_equal(last.proto, PROTO);
	assert_int_equal(last.ttl, 9);
	assert_int_equal(last.tos, 0x2e);
	assert_false(last.broadcast);
	assert_int_equal(last_len, PAYLOAD);
	assert_memory_equal(last_payload, payload, PAYLOAD);
	assert_counted(ipv4()->stats.in, 1);
}

static void padding_is_cut_off_and_options_are_skipped(void **state)
{
	(void)state;
	size_t len = build(NULL);
	memset(rig.frame + len, 0xee, 20);
	net_rig_receive(&rig, len + 20);
	assert_int_equal(last_len, PAYLOAD);
	for (uint8_t options = 4; options <= 40; options = (uint8_t)(options + 4)) {
		net_rig_receive(&rig, build(&(struct frame_ipv4){.option_bytes = options}));
		assert_int_equal(last_len, PAYLOAD);
		assert_int_equal(last_payload[0], 1);
	}
	assert_int_equal(inputs, 11);
}

static void padding_in_a_further_piece_is_cut_off(void **state)
{
	(void)state;
	rig.fake.rx_first_max = 40;
	rig.fake.rx_chunk_max = 30;
	size_t len = build(NULL);
	net_rig_receive(&rig, len + 40);
	assert_int_equal(inputs, 1);
	assert_int_equal(last_len, PAYLOAD);
}

static void header_must_lie_in_the_first_piece(void **state)
{
	(void)state;
	rig.fake.rx_first_max = FRAME_ETH + 35;
	rig.fake.rx_chunk_max = 100;
	net_rig_receive(&rig, build(&(struct frame_ipv4){.option_bytes = 16}));
	assert_counted(ipv4()->stats.bad_header, 1);
	net_rig_receive(&rig, build(&(struct frame_ipv4){.option_bytes = 12}));
	assert_int_equal(inputs, 1);
}

static void truncated_packets_of_each_length_are_dropped(void **state)
{
	(void)state;
	size_t len = build(&(struct frame_ipv4){.option_bytes = 8});
	for (size_t n = FRAME_ETH; n < len; n++) {
		build(&(struct frame_ipv4){.option_bytes = 8});
		net_rig_receive(&rig, n);
	}
	assert_int_equal(inputs, 0);
	assert_counted(ipv4()->stats.bad_header, len - FRAME_ETH);
}

static void impossible_headers_are_dropped(void **state)
{
	(void)state;
	static const struct {
		uint8_t at, value;
	} bad[] = {
		{0, 0x55}, {0, 0x05}, {0, 0x65}, /* version */
		{0, 0x44}, {0, 0x40},            /* header length below 5 words */
		{3, 19},   {3, 0},               /* total length below the header's */
		{3, 71},   {2, 0xff},            /* beyond the frame */
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len = build(NULL);
		rig.frame[FRAME_ETH + bad[i].at] = bad[i].value;
		if (bad[i].at != 0)
			frame_ipv4_fix(rig.frame);
		net_rig_receive(&rig, len);
		assert_counted(ipv4()->stats.bad_header, i + 1);
	}
	size_t len = build(NULL);
	rig.frame[FRAME_ETH] = 0x4f; /* 60 bytes of header, more than total_bytes */
	store_be16(rig.frame + FRAME_ETH + 2, 59);
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, len);
	assert_counted(ipv4()->stats.bad_header, ARRAY_SIZE(bad) + 1);
	assert_int_equal(inputs, 0);
}

static void each_flipped_bit_of_the_header_is_noticed(void **state)
{
	(void)state;
	rig.fake.rx_flags = PKT_CSUM_OK; /* which is about the transport */
	for (unsigned bit = 0; bit < 160; bit++) {
		size_t len = build(NULL);
		rig.frame[FRAME_ETH + bit / 8] ^= (uint8_t)(1 << bit % 8);
		net_rig_receive(&rig, len);
	}
	assert_int_equal(inputs, 0);
	assert_counted(ipv4()->stats.bad_checksum > 130, true);
	assert_counted(ipv4()->stats.bad_checksum + ipv4()->stats.bad_header, 160);
}

static void martians_are_dropped(void **state)
{
	(void)state;
	static const uint32_t bad[] = {
		0x00000001, 0x7f000001, 0xe0000001, 0xefffffff,
		0xf0000001, 0xffffffff, RIG_ADDR, /* ours */
		0x0a0002ff, 0x0a000200,
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		net_rig_receive(&rig, build(&(struct frame_ipv4){.src = bad[i]}));
		assert_counted(ipv4()->stats.bad_source, i + 1);
	}
	size_t len = build(NULL);
	store_be32(rig.frame + FRAME_ETH + 12, 0);
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, len);
	assert_counted(ipv4()->stats.bad_source, ARRAY_SIZE(bad) + 1);
	assert_int_equal(inputs, 0);
	net_rig_receive(&rig, build(&(struct frame_ipv4){.src = 0x0a0003ff}));
	assert_int_equal(inputs, 1); /* no broadcast address of ours */
}

static void takes_our_address_and_our_groups(void **state)
{
	(void)state;
	static const uint32_t groups[] = {0xffffffff, 0x0a0002ff, 0xe0000001};
	static const uint32_t others[] = {RIG_PEER,   0x0a000200, 0x0a0003ff,
					  0xe0000002, 0x7f000001, RIG_FAR};
	const size_t ours = ARRAY_SIZE(groups) - inet_is_minimal; /* which has not the last */
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		net_rig_receive(&rig, build(&(struct frame_ipv4){.dst = groups[i],
								 .eth_dst = rig_everybody}));
		assert_int_equal(inputs, MIN(i + 1, ours));
		assert_true(last.broadcast);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		net_rig_receive(&rig, build(&(struct frame_ipv4){.dst = others[i]}));
		assert_counted(ipv4()->stats.not_for_us, i + 1);
	}
	assert_int_equal(inputs, ours);
}

static void ours_alone_in_a_broadcast_frame_is_dropped(void **state)
{
	(void)state;
	net_rig_receive(&rig, build(&(struct frame_ipv4){.eth_dst = rig_everybody}));
	assert_counted(ipv4()->stats.group_frames, 1);
	assert_int_equal(inputs, 0);
}

static void fragments_are_dropped_but_not_whole_packets(void **state)
{
	(void)state;
	static const uint16_t bad[] = {0x2000, 0x2001, 0x0001, 0x1fff, 0x6000};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		net_rig_receive(&rig, build(&(struct frame_ipv4){.fragment = bad[i]}));
		assert_counted(ipv4()->stats.fragments, i + 1);
	}
	assert_int_equal(inputs, 0);
	net_rig_receive(&rig, build(&(struct frame_ipv4){.fragment = 0x4000}));
	net_rig_receive(&rig, build(&(struct frame_ipv4){.fragment = 0x8000}));
	assert_int_equal(inputs, 2);
}

static void last_hop_takes_any_ttl(void **state)
{
	(void)state;
	net_rig_receive(&rig, build(&(struct frame_ipv4){.ttl = 1}));
	size_t len = build(NULL);
	rig.frame[FRAME_ETH + 8] = 0;
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, len);
	assert_int_equal(inputs, 2);
}

static void device_verdict_on_the_transport_is_passed_on(void **state)
{
	(void)state;
	net_rig_receive(&rig, build(NULL));
	assert_int_equal(last_flags, 0);
	rig.fake.rx_flags = PKT_CSUM_OK;
	net_rig_receive(&rig, build(NULL));
	assert_int_equal(last_flags, PKT_CSUM_OK);
}

static void unknown_protocol_is_answered(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	net_rig_receive(&rig, build(&(struct frame_ipv4){.proto = 200}));
	assert_counted(ipv4()->stats.no_protocol, 1);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(rig.frame[FRAME_ETH + 9], IP_PROTO_ICMP);
	assert_int_equal(rig.frame[FRAME_L4], 3);
	assert_int_equal(rig.frame[FRAME_L4 + 1], 2);
	ipv4_set_unreachable(ipv4(), NULL, NULL); /* nobody answers: the packet is freed */
	net_rig_receive(&rig, build(&(struct frame_ipv4){.proto = 200}));
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void binds_each_protocol_once_and_so_many_in_all(void **state)
{
	(void)state;
	assert_int_equal(ip_bind(&ipv4()->ip, PROTO, keep, NULL, NULL), ERR_EXISTS);
	assert_int_equal(ip_bind(&ipv4()->ip, IP_PROTO_ICMP, keep, NULL, NULL), ERR_EXISTS);
	for (unsigned n = ipv4()->bindings.n; n < IP_BINDINGS_MAX; n++)
		assert_int_equal(ip_bind(&ipv4()->ip, (uint8_t)(90 + n), keep, NULL, NULL), OK);
	assert_int_equal(ip_bind(&ipv4()->ip, 99, keep, NULL, NULL), ERR_NOMEM);
}

static void errors_reach_the_transport_that_is_bound(void **state)
{
	(void)state;
	const uint8_t transport[8] = {0};
	struct ip_quote q = {.meta = {.proto = PROTO},
			     .transport = transport,
			     .transport_bytes = 8,
			     .error = ERR_REFUSED};
	assert_true(ip_bindings_report(&ipv4()->bindings, 0, &q));
	assert_int_equal(errors, 1);
	q.meta.proto = 99;
	assert_false(ip_bindings_report(&ipv4()->bindings, 0, &q));
	q.meta.proto = IP_PROTO_ICMP; /* bound, but does not want errors */
	assert_false(ip_bindings_report(&ipv4()->bindings, 0, &q));
}

/* --- sending --------------------------------------------------------------------------------- */

static struct ip_meta to(uint32_t dst)
{
	return (struct ip_meta){
		.src = ip_addr_from_v4(ipv4()->addr), .dst = ip_addr_from_v4(dst), .proto = PROTO};
}

static enum err output(const struct ip_meta *meta, size_t len, uint8_t flags)
{
	struct pkt *p = net_rig_packet(&rig, len);
	uint8_t *data = p->data;
	p->flags = flags;
	p->csum_start = 6;
	p->gso_header = 20;
	enum err e = ip_output(&ipv4()->ip, rig.now_us, p, meta);
	if (e != OK) {
		assert_ptr_equal(p->data, data);
		assert_int_equal(p->len, len);
		assert_int_equal(p->csum_start, 6);
		assert_int_equal(p->gso_header, 20);
		pkt_put(p);
	}
	return e;
}

static void header_is_as_it_should_be(void **state)
{
	(void)state;
	struct ip_meta meta = to(RIG_PEER);
	const uint8_t *ip = rig.frame + FRAME_ETH;
	uint8_t payload[PAYLOAD];
	frame_pattern(payload, sizeof(payload));
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	meta.tos = 0x48;
	assert_int_equal(output(&meta, PAYLOAD, 0), OK);
	assert_int_equal(net_rig_sent(&rig), FRAME_L4 + PAYLOAD);
	assert_memory_equal(rig.frame, rig_peer_mac, 6);
	assert_int_equal(load_be16(rig.frame + 12), 0x0800);
	assert_int_equal(ip[0], 0x45);
	assert_int_equal(ip[1], 0x48);
	assert_int_equal(load_be16(ip + 2), 20 + PAYLOAD);
	assert_int_equal(load_be16(ip + 6), 0);
	assert_int_equal(ip[8], 64);
	assert_int_equal(ip[9], PROTO);
	assert_int_equal(csum_fold(csum_add(0, ip, 20)), 0);
	assert_int_equal(load_be32(ip + 12), RIG_ADDR);
	assert_int_equal(load_be32(ip + 16), RIG_PEER);
	assert_memory_equal(ip + 20, payload, PAYLOAD);
	meta.ttl = 255;
	assert_int_equal(output(&meta, PAYLOAD, 0), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(ip[8], 255);
	assert_counted(ipv4()->stats.out, 2);
}

/* Whom ARP is asked for to reach `dst`: 0 nobody, IPV4_BROADCAST everybody gets it. */
static uint32_t hop_to(uint32_t dst)
{
	struct ip_meta meta = to(dst);
	struct ip_route route;
	enum err e = output(&meta, 8, 0);
	assert_int_equal(ip_route(&ipv4()->ip, &meta.dst, &route), e);
	if (e != OK) {
		assert_int_equal(e, ERR_UNREACHABLE);
		assert_int_equal(net_rig_sent(&rig), 0);
		return 0;
	}
	assert_true(net_rig_sent(&rig) > 0);
	assert_memory_equal(rig.frame, rig_everybody, 6);
	if (load_be16(rig.frame + 12) == ETH_TYPE_IPV4)
		return IPV4_BROADCAST;
	return load_be32(rig.frame + FRAME_ETH + 24);
}

static void chooses_the_next_hop(void **state)
{
	(void)state;
	static const uint32_t nowhere[] = {0,          1,        0x7f000001, 0xf0000001,
					   0xfffffffe, RIG_ADDR, 0x0a000200};
	assert_int_equal(hop_to(RIG_PEER), RIG_PEER);
	assert_int_equal(hop_to(RIG_FAR), RIG_GATEWAY);
	assert_int_equal(hop_to(IPV4_BROADCAST), IPV4_BROADCAST);
	assert_int_equal(hop_to(0x0a0002ff), IPV4_BROADCAST);
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		assert_int_equal(hop_to(nowhere[i]), 0);
	assert_counted(ipv4()->stats.unreachable, ARRAY_SIZE(nowhere));
}

static void without_a_gateway_only_the_link_is_reached(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	setup_as(RIG_ADDR, 24, 0, 0);
	assert_int_equal(hop_to(RIG_FAR), 0);
	assert_int_equal(hop_to(RIG_PEER), RIG_PEER);
}

static void subnets_of_two_and_one(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	setup_as(0x0a000200, 31, 0x0a000201, 0); /* RFC 3021 */
	assert_int_equal(hop_to(0x0a000201), 0x0a000201);
	net_rig_receive(&rig, build(&(struct frame_ipv4){.src = 0x0a000201}));
	assert_int_equal(inputs, 1);
	assert_false(last.broadcast);
	net_rig_fini(&rig);

	setup_as(RIG_ADDR, 32, RIG_GATEWAY, 0);
	assert_int_equal(hop_to(RIG_PEER), RIG_GATEWAY);
	net_rig_receive(&rig, build(NULL));
	assert_int_equal(inputs, 1);
}

static void mtu_is_kept(void **state)
{
	(void)state;
	struct ip_meta meta = to(RIG_PEER);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(output(&meta, 1480, 0), OK);
	assert_int_equal(output(&meta, 1481, 0), ERR_INVALID);
	assert_int_equal(output(&meta, 1481, PKT_GSO_TCP4 | PKT_CSUM_PARTIAL), ERR_INVALID);
	assert_counted(ipv4()->stats.too_long, 2);
}

static void device_that_cuts_takes_more_but_not_64k(void **state)
{
	(void)state;
	static const uint8_t much[65535];
	net_rig_fini(&rig);
	setup_as(RIG_ADDR, 24, 0, NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	struct ip_meta meta = to(RIG_PEER);
	struct pkt *p = net_rig_packet(&rig, 20);
	p->flags = PKT_GSO_TCP4 | PKT_CSUM_PARTIAL;
	p->csum_start = 0;
	p->csum_offset = 16;
	p->gso_header = 20;
	p->gso_bytes = 1460;
	assert_true(pkt_add_piece(p, SLICE_STATIC(much, 65535 - 39)));
	assert_int_equal(ip_output(&ipv4()->ip, rig.now_us, p, &meta), ERR_INVALID);
	assert_int_equal(p->gso_header, 20);
	pkt_trim(p, 65535 - 20);
	assert_int_equal(ip_output(&ipv4()->ip, rig.now_us, p, &meta), OK);
	assert_int_equal(p->csum_start, FRAME_L4);
	assert_int_equal(p->gso_header, FRAME_L4 + 20);
	assert_int_equal(load_be16(p->data + FRAME_ETH + 2), 65535);
}

static void sends_from_our_address_only(void **state)
{
	(void)state;
	struct ip_meta meta = to(RIG_PEER);
	meta.src = ip_addr_from_v4(0x0a0002ff);
	assert_int_equal(output(&meta, 8, 0), ERR_INVALID);
	memset(&meta.src, 0, sizeof(meta.src));
	assert_int_equal(output(&meta, 8, 0), ERR_INVALID);
	assert_counted(ipv4()->stats.bad_from, 2);
	meta = to(RIG_PEER);
#ifndef PLAIN_IPV4
	memset(&meta.dst, 0x20, sizeof(meta.dst)); /* IPv6 */
	assert_int_equal(output(&meta, 8, 0), ERR_UNREACHABLE);
#endif
}

static void refused_packet_is_as_before(void **state)
{
	(void)state;
	struct ip_meta meta = to(RIG_PEER), all = to(IPV4_BROADCAST);
	net_rig_fini(&rig);
	setup_as(RIG_ADDR, 24, 0, NETIF_CSUM_TX | NETIF_TSO4);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	rig.fake.queue_max = 0;
	assert_int_equal(output(&meta, 100, PKT_CSUM_PARTIAL), ERR_AGAIN);
	assert_int_equal(output(&all, 100, PKT_CSUM_PARTIAL), ERR_AGAIN);
	assert_int_equal(output(&meta, 100, PKT_CSUM_PARTIAL | PKT_GSO_TCP4), ERR_AGAIN);
	assert_counted(ipv4()->stats.out, 0);
}

static void route_tells_of_the_device(void **state)
{
	(void)state;
	struct ip_route route;
	struct ip_addr dst = ip_addr_from_v4(RIG_FAR), src = ip_addr_from_v4(RIG_ADDR);
	rig.fake.netif.features = NETIF_SG | NETIF_TSO4;
	rig.fake.netif.tso_bytes = 12345;
	rig.fake.netif.mtu = 1400;
	assert_int_equal(ip_route(&ipv4()->ip, &dst, &route), OK);
	assert_true(ip_addr_equal(&route.src, &src));
	assert_int_equal(route.mtu, 1400);
	assert_int_equal(route.features, NETIF_SG | NETIF_TSO4);
	assert_int_equal(route.tso_bytes, 12345);
	memset(&dst, 0, sizeof(dst));
	assert_int_equal(ip_route(&ipv4()->ip, &dst, &route), ERR_UNREACHABLE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(delivers_payload_and_addresses),
		TEST(padding_is_cut_off_and_options_are_skipped),
		TEST(padding_in_a_further_piece_is_cut_off),
		TEST(header_must_lie_in_the_first_piece),
		TEST(truncated_packets_of_each_length_are_dropped),
		TEST(impossible_headers_are_dropped),
		TEST(each_flipped_bit_of_the_header_is_noticed),
		TEST(martians_are_dropped),
		TEST(takes_our_address_and_our_groups),
		TEST(ours_alone_in_a_broadcast_frame_is_dropped),
		TEST(fragments_are_dropped_but_not_whole_packets),
		TEST(last_hop_takes_any_ttl),
		TEST(device_verdict_on_the_transport_is_passed_on),
		TEST(binds_each_protocol_once_and_so_many_in_all),
		TEST(errors_reach_the_transport_that_is_bound),
		TEST(header_is_as_it_should_be),
		TEST(chooses_the_next_hop),
		TEST(without_a_gateway_only_the_link_is_reached),
		TEST(subnets_of_two_and_one),
		TEST(mtu_is_kept),
		TEST(device_that_cuts_takes_more_but_not_64k),
		TEST(sends_from_our_address_only),
		TEST(refused_packet_is_as_before),
		TEST(route_tells_of_the_device),
#ifndef PLAIN_IPV4 /* which sends no errors */
		TEST(unknown_protocol_is_answered),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
