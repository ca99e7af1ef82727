/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/icmp/icmp.h"
#include "net/udp/udp.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/ip_errors.h"
#include "tests/fakes/net_rig.h"

enum { PROTO = 253, ID_AND_SEQ = 0x12345678 };

static struct net_rig rig;
static struct udp udp;

static struct ip_error_seen seen;

static struct icmp *icmp(void)
{
	return &rig.icmp;
}

static void no_input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)self, (void)now_us, (void)meta;
	pkt_put(p);
}

static void see_error(void *self, uint64_t now_us, const struct ip_meta *meta,
		      const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu)
{
	assert_ptr_equal(self, &seen);
	assert_int_equal(now_us, rig.now_us);
	assert_true(len >= 8);
	ip_error_note(&seen, meta, transport, len, error, mtu);
}

static void setup_with(uint32_t features)
{
	net_rig_setup(&rig, features);
	assert_int_equal(udp_init(&udp, &rig.ipv4.ip, &rig.random.rng), OK);
	assert_int_equal(ip_bind(&rig.ipv4.ip, PROTO, no_input, see_error, &seen), OK);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	memset(&seen, 0, sizeof(seen));
}

static int setup(void **state)
{
	(void)state;
	setup_with(0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* --- echo ------------------------------------------------------------------------------------ */

static size_t ping(const struct frame_ipv4 *ip, size_t len)
{
	uint8_t payload[FRAME_MAX];
	frame_pattern(payload, len);
	return frame_icmp(rig.frame, ip, 8, 0, ID_AND_SEQ, payload, len);
}

static void expect_pong(size_t len)
{
	uint8_t payload[FRAME_MAX];
	const uint8_t *ip = rig.frame + FRAME_ETH, *message = rig.frame + FRAME_L4;
	frame_pattern(payload, len);
	assert_int_equal(net_rig_sent(&rig), FRAME_L4 + 8 + len);
	assert_memory_equal(rig.frame, rig_peer_mac, 6);
	assert_int_equal(load_be32(ip + 12), RIG_ADDR);
	assert_int_equal(load_be32(ip + 16), RIG_PEER);
	assert_int_equal(ip[9], IP_PROTO_ICMP);
	assert_int_equal(ip[8], 64);
	assert_int_equal(message[0], 0);
	assert_int_equal(message[1], 0);
	assert_int_equal(csum_fold(csum_add(0, message, 8 + len)), 0);
	assert_int_equal(load_be32(message + 4), ID_AND_SEQ);
	assert_memory_equal(message + 8, payload, len);
}

static void answers_echo_in_the_same_packet(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	rig.tx.pool.free = NULL; /* and none is left */
	rig.tx.pool.count = rig.tx.pool.touched;
	for (size_t len = 0; len <= 1472; len = len < 70 ? len + 1 : len * 2 + 1) {
		net_rig_receive(&rig, ping(&ip, len));
		expect_pong(len);
	}
	rig.fake.rx_flags = PKT_CSUM_OK; /* means nothing to the device that sends it */
	net_rig_receive(&rig, ping(&ip, 1472));
	assert_int_equal(list_entry(rig.fake.sent.next, struct pkt, node)->flags, 0);
	expect_pong(1472);
	assert_counted(icmp()->stats.echo_replies, icmp()->stats.echo_requests);
	assert_counted(rig.tx.pool.exhausted, 0);
}

static void answers_echo_of_any_checksum(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (uint32_t rest = 0; rest < 65536; rest++) { /* 0: a message of zeros but for its type */
		net_rig_receive(&rig, frame_icmp(rig.frame, &ip, 8, 0, rest, NULL, 0));
		assert_int_equal(net_rig_sent(&rig), FRAME_L4 + 8);
		assert_int_equal(csum_fold(csum_add(0, rig.frame + FRAME_L4, 8)), 0);
	}
}

static void answers_echo_with_dscp_and_options(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.tos = 0xb9;
	ip.option_bytes = 12;
	net_rig_receive(&rig, ping(&ip, 40));
	expect_pong(40);
	assert_int_equal(rig.frame[FRAME_ETH + 1], 0xb8);
}

static void answers_echo_in_pieces(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (unsigned sg = 0; sg <= 1; sg++) {
		net_rig_fini(&rig);
		setup_with(sg != 0 ? NETIF_SG : 0);
		rig.fake.rx_first_max = 60;
		rig.fake.rx_chunk_max = 201; /* odd, so that words straddle pieces */
		net_rig_receive(&rig, ping(&ip, 1400));
		expect_pong(1400);
	}
}

static void answers_echo_with_no_more_room_than_it_came_with(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	rig.fake.rx_headroom = 0;
	net_rig_receive(&rig, ping(&ip, 777));
	expect_pong(777);
}

static void echo_that_cannot_be_sent_is_counted(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	rig.fake.queue_max = 0;
	net_rig_receive(&rig, ping(&ip, 10));
	assert_counted(icmp()->stats.echo_failed, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void echo_to_a_group_is_ignored(void **state)
{
	(void)state;
	static const uint32_t groups[] = {0xffffffff, 0x0a0002ff, 0xe0000001};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		ip.dst = groups[i];
		ip.eth_dst = rig_everybody;
		net_rig_receive(&rig, ping(&ip, 10));
		assert_counted(icmp()->stats.echo_broadcasts, i + 1);
	}
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void damaged_messages_are_dropped(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	size_t len = ping(&ip, 11);
	rig.frame[len - 1] ^= 1;
	net_rig_receive(&rig, len);
	assert_counted(icmp()->stats.bad, 1);
	len = ping(&ip, 11);
	rig.frame[len - 1] ^= 1;
	rig.fake.rx_flags = PKT_CSUM_OK; /* says nothing about ICMP */
	net_rig_receive(&rig, len);
	assert_counted(icmp()->stats.bad, 2);
	ip.proto = IP_PROTO_ICMP;
	for (size_t n = 0; n < 8; n++) { /* of all ones, whose checksum is right */
		net_rig_receive(&rig, frame_ipv4(rig.frame, &ip, rig_everybody, MIN(n, 6)));
		assert_counted(icmp()->stats.bad, n + 3);
	}
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void other_messages_are_ignored(void **state)
{
	(void)state;
	static const uint8_t types[] = {0, 1, 4, 5, 9, 10, 13, 14, 15, 17, 42, 255};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		size_t len = frame_icmp(rig.frame, &ip, types[i], 0, 0, "abcdefgh", 8);
		net_rig_receive(&rig, len);
		assert_counted(icmp()->stats.ignored, i + 1);
	}
	assert_int_equal(net_rig_sent(&rig), 0);
}

/* --- errors that go out ---------------------------------------------------------------------- */

static size_t datagram(const struct frame_ipv4 *ip, size_t len)
{
	uint8_t payload[FRAME_MAX];
	frame_pattern(payload, len);
	return frame_udp(rig.frame, ip, 4000, 4001, payload, len);
}

static void port_unreachable_quotes_up_to_576_bytes(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 40, 519, 520, 521, 1400};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint8_t packet[FRAME_MAX];
		const uint8_t *message = rig.frame + FRAME_L4;
		size_t len = datagram(&ip, sizes[i]), quoted = MIN(len - FRAME_ETH, 548);
		memcpy(packet, rig.frame + FRAME_ETH, len - FRAME_ETH);
		net_rig_receive(&rig, len);
		assert_int_equal(net_rig_sent(&rig), FRAME_L4 + 8 + quoted);
		assert_memory_equal(rig.frame, rig_peer_mac, 6);
		assert_int_equal(load_be32(rig.frame + FRAME_ETH + 12), RIG_ADDR);
		assert_int_equal(load_be32(rig.frame + FRAME_ETH + 16), RIG_PEER);
		assert_int_equal(message[0], 3);
		assert_int_equal(message[1], 3);
		assert_int_equal(load_be32(message + 4), 0);
		assert_int_equal(csum_fold(csum_add(0, message, 8 + quoted)), 0);
		assert_memory_equal(message + 8, packet, quoted);
	}
	assert_counted(icmp()->stats.errors_out, ARRAY_SIZE(sizes));
}

static void no_error_about_broadcasts_or_icmp(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.dst = IPV4_BROADCAST;
	ip.eth_dst = rig_everybody;
	net_rig_receive(&rig, datagram(&ip, 20));
	assert_counted(icmp()->stats.forbidden, 1);
	const struct ip_meta meta = {.src = ip_addr_from_v4(RIG_PEER),
				     .dst = ip_addr_from_v4(RIG_ADDR),
				     .proto = IP_PROTO_ICMP};
	ip_unreachable(&rig.ipv4.ip, rig.now_us, net_rig_packet(&rig, 20), &meta,
		       IP_UNREACHABLE_PROTOCOL);
	assert_counted(icmp()->stats.forbidden, 2);
	ip = net_rig_from_peer(&rig);
	ip.fragment = 1;
	net_rig_receive(&rig, datagram(&ip, 20));
	assert_int_equal(net_rig_sent(&rig), 0);
}

static unsigned answers_to(unsigned datagrams)
{
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	unsigned n = 0;
	while (datagrams-- > 0)
		net_rig_receive(&rig, datagram(&ip, 20));
	while (net_rig_sent(&rig) > 0)
		n++;
	return n;
}

static void errors_are_limited_in_rate(void **state)
{
	(void)state;
	assert_int_equal(answers_to(100), ICMP_BURST);
	assert_counted(icmp()->stats.limited, 100 - ICMP_BURST);
	rig.now_us += ICMP_REFILL_US - 1;
	assert_int_equal(answers_to(3), 0);
	rig.now_us += 1;
	assert_int_equal(answers_to(3), 1);
	rig.now_us += 5 * ICMP_REFILL_US / 2;
	assert_int_equal(answers_to(3), 2);
	rig.now_us += ICMP_REFILL_US / 2; /* the half that was left over counts */
	assert_int_equal(answers_to(3), 1);
	rig.now_us += US_PER_S; /* no more than the burst gathers */
	assert_int_equal(answers_to(100), ICMP_BURST);
}

static void error_that_cannot_be_sent_is_counted(void **state)
{
	(void)state;
	struct pkt *hold[RIG_PACKETS];
	rig.fake.queue_max = 0;
	assert_int_equal(answers_to(1), 0);
	assert_counted(icmp()->stats.error_failed, 1);
	assert_int_equal(rig.tx.pool.used, 0);
	rig.fake.queue_max = 10;
	for (unsigned i = 0; i < RIG_PACKETS; i++)
		hold[i] = net_rig_packet(&rig, 0);
	assert_int_equal(answers_to(1), 0);
	assert_counted(icmp()->stats.error_failed, 2);
	for (unsigned i = 0; i < RIG_PACKETS; i++)
		pkt_put(hold[i]);
}

/* --- errors that come in --------------------------------------------------------------------- */

/* What a router quotes: our packet to 198.51.100.1, `len` bytes of transport, `total` in all. */
struct quote {
	uint32_t src, dst;
	uint16_t total, fragment;
	uint8_t proto, options;
	size_t len;
};

static const struct quote plain = {
	.src = RIG_ADDR, .dst = RIG_FAR, .total = 1500, .proto = PROTO, .len = 8};

/* An error of a router about the packet; the last `cut` bytes are missing. */
static void error_arrives(uint8_t type, uint8_t code, uint32_t rest, const struct quote *q,
			  size_t cut)
{
	uint8_t frame[FRAME_MAX], transport[FRAME_MAX];
	struct frame_ipv4 router = net_rig_from_peer(&rig);
	const struct frame_ipv4 ours = {
		.eth_dst = rig_other_mac,
		.eth_src = rig_other_mac,
		.src = q->src,
		.dst = q->dst,
		.proto = q->proto,
		.tos = 4,
		.ttl = 3,
		.fragment = q->fragment,
		.option_bytes = q->options,
	};
	router.src = 0xcb007105; /* 203.0.113.5 */
	frame_pattern(transport, q->len);
	size_t len = frame_ipv4(frame, &ours, transport, q->len) - FRAME_ETH;
	store_be16(frame + FRAME_ETH + 2, q->total);
	net_rig_receive(&rig, frame_icmp(rig.frame, &router, type, code, rest, frame + FRAME_ETH,
					 len - cut));
}

static void errors_reach_the_transport(void **state)
{
	(void)state;
	static const struct {
		uint8_t type, code;
		enum err error;
	} cases[] = {
		{3, 0, ERR_UNREACHABLE},  {3, 1, ERR_UNREACHABLE},   {3, 2, ERR_REFUSED},
		{3, 3, ERR_REFUSED},      {3, 5, ERR_UNREACHABLE},   {3, 9, ERR_UNREACHABLE},
		{3, 13, ERR_UNREACHABLE}, {3, 255, ERR_UNREACHABLE}, {11, 0, ERR_UNREACHABLE},
		{11, 1, ERR_UNREACHABLE}, {12, 0, ERR_INVALID},
	};
	uint8_t transport[8];
	frame_pattern(transport, 8);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		error_arrives(cases[i].type, cases[i].code, 1000, &plain, 0);
		assert_int_equal(seen.count, i + 1);
		assert_int_equal(seen.error, cases[i].error);
		assert_int_equal(seen.mtu, 0);
		assert_int_equal(ip_addr_v4(&seen.meta.src), RIG_ADDR);
		assert_int_equal(ip_addr_v4(&seen.meta.dst), RIG_FAR);
		assert_int_equal(seen.meta.proto, PROTO);
		assert_int_equal(seen.meta.ttl, 3);
		assert_int_equal(seen.meta.tos, 4);
		assert_int_equal(seen.len, 8);
		assert_memory_equal(seen.transport, transport, 8);
	}
	assert_counted(icmp()->stats.errors_in, ARRAY_SIZE(cases));
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void longer_quotes_are_shown_whole_but_not_beyond_the_packet(void **state)
{
	(void)state;
	struct quote q = plain;
	q.len = 500;
	q.options = 8;
	error_arrives(3, 1, 0, &q, 0);
	assert_int_equal(seen.len, 500);
	q.total = 20 + 8 + 30; /* the rest is an extension (RFC 4884) or padding */
	error_arrives(3, 1, 0, &q, 0);
	assert_int_equal(seen.len, 30);
}

static void fragmentation_needed_gives_the_mtu(void **state)
{
	(void)state;
	static const struct {
		uint16_t field, mtu; /* 0: it is not believed */
	} cases[] = {
		{1400, 1400}, {1499, 1499}, {68, 68},  {0, 576},   {67, 0},
		{1, 0},       {1500, 0},    {1501, 0}, {65535, 0},
	};
	unsigned believed = 0, bad = 0;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		error_arrives(3, 4, 0xabcd0000 | cases[i].field, &plain, 0);
		believed += cases[i].mtu != 0;
		bad += cases[i].mtu == 0;
		assert_int_equal(seen.count, believed);
		assert_counted(icmp()->stats.bad, bad);
		if (cases[i].mtu == 0)
			continue;
		assert_int_equal(seen.error, ERR_INVALID);
		assert_int_equal(seen.mtu, cases[i].mtu);
	}
	struct quote small = plain;
	small.total = 576;
	error_arrives(3, 4, 0, &small, 0);
	assert_int_equal(seen.count, believed);
}

static void broken_quotes_are_dropped(void **state)
{
	(void)state;
	struct quote q = plain;
	for (size_t cut = 1; cut <= 28; cut++) {
		error_arrives(3, 1, 0, &plain, cut);
		assert_counted(icmp()->stats.bad, cut);
	}
	q.fragment = 0x2001; /* no transport header in there */
	error_arrives(3, 1, 0, &q, 0);
	q = plain;
	q.total = 27;
	error_arrives(3, 1, 0, &q, 0);
	q.total = 19;
	error_arrives(3, 1, 0, &q, 0);
	assert_counted(icmp()->stats.bad, 31);
	assert_int_equal(seen.count, 0);
}

static void quotes_of_what_others_sent_are_ignored(void **state)
{
	(void)state;
	struct quote q = plain;
	q.src = RIG_PEER;
	error_arrives(3, 1, 0, &q, 0);
	q = plain;
	q.proto = 99; /* nobody bound */
	error_arrives(3, 1, 0, &q, 0);
	assert_counted(icmp()->stats.not_ours, 2);
	assert_int_equal(seen.count, 0);
}

static void errors_to_a_group_are_ignored(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.dst = IPV4_BROADCAST;
	ip.eth_dst = rig_everybody;
	net_rig_receive(&rig, frame_icmp(rig.frame, &ip, 3, 1, 0, NULL, 0));
	assert_counted(icmp()->stats.ignored, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_echo_in_the_same_packet),
		TEST(answers_echo_of_any_checksum),
		TEST(answers_echo_with_dscp_and_options),
		TEST(answers_echo_with_no_more_room_than_it_came_with),
		TEST(echo_that_cannot_be_sent_is_counted),
		TEST(echo_to_a_group_is_ignored),
		TEST(damaged_messages_are_dropped),
		TEST(other_messages_are_ignored),
		TEST(no_error_about_broadcasts_or_icmp),
		TEST(error_that_cannot_be_sent_is_counted),
		TEST(broken_quotes_are_dropped),
		TEST(quotes_of_what_others_sent_are_ignored),
		TEST(errors_to_a_group_are_ignored),
#ifndef PLAIN_IPV4 /* it takes nothing in pieces, and neither sends nor heeds errors */
		TEST(answers_echo_in_pieces),
		TEST(errors_are_limited_in_rate),
		TEST(errors_reach_the_transport),
		TEST(fragmentation_needed_gives_the_mtu),
		TEST(longer_quotes_are_shown_whole_but_not_beyond_the_packet),
		TEST(port_unreachable_quotes_up_to_576_bytes),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
