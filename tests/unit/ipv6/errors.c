/* SPDX-License-Identifier: ISC */
/*
 * ICMPv6 (RFC 4443): echo, errors that go out and errors that come in.
 */
#include "tests/unit/ipv6/bench.h"

enum { ECHO = 128, PONG = 129, UNREACHABLE = 1, TOO_BIG = 2, EXCEEDED = 3, PROBLEM = 4 };

/* --- echo ------------------------------------------------------------------------------------ */

static size_t ping(const struct frame_ipv6 *ip, size_t len)
{
	uint8_t message[FRAME_MAX] = {ECHO, 0, 0, 0, 0x12, 0x34, 0x56, 0x78};
	frame_pattern(message + 8, len);
	return frame_icmpv6(rig.frame, ip, message, 8 + len);
}

static void expect_pong(size_t len)
{
	uint8_t payload[FRAME_MAX];
	const uint8_t *message = hears(PONG, 0);
	frame_pattern(payload, len);
	assert_int_equal(rig.len, FRAME6_L4 + 8 + len);
	assert_memory_equal(rig.frame, rig6_peer_mac, 6);
	assert_int_equal(load_be32(message + 4), 0x12345678);
	assert_memory_equal(message + 8, payload, len);
}

static void answers_echo_in_the_same_packet(void **state)
{
	(void)state;
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	rig.tx.pool.free = NULL; /* and none is left */
	rig.tx.pool.count = rig.tx.pool.touched;
	ip.traffic_class = 0xb9;
	for (size_t len = 0; len <= 1452; len = len < 70 ? len + 1 : len * 2 + 1) {
		ipv6_rig_receive(&rig, ping(&ip, len));
		expect_pong(len);
		assert_int_equal(load_be32(rig.frame + FRAME_ETH), 0x6b800000);
	}
	assert_int_equal(rig.icmpv6.icmp.stats.echo_replies, rig.icmpv6.icmp.stats.echo_requests);
	assert_int_equal(rig.tx.pool.exhausted, 0);
}

static void answers_echo_to_all_nodes_at_a_rate(void **state)
{
	(void)state;
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.eth_dst = NULL;
	ip.dst = ip6("ff02::1");
	for (unsigned i = 0; i < ICMP_BURST; i++) {
		ipv6_rig_receive(&rig, ping(&ip, 40));
		expect_pong(40);
		const struct ip_addr src = ipv6_addr_load(rig.frame + FRAME_ETH + 8);
		assert_addr(&src, RIG6_ADDR);
	}
	ipv6_rig_receive(&rig, ping(&ip, 40));
	hears_nothing();
	assert_int_equal(rig.icmpv6.icmp.stats.limited, 1);
}

static void echo_that_is_damaged_or_from_nowhere_is_dropped(void **state)
{
	(void)state;
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	size_t len = ping(&ip, 40);
	rig.frame[FRAME6_L4 + 20] ^= 1;
	rig.fake.rx_flags = PKT_CSUM_OK;
	ipv6_rig_receive(&rig, len);
	ip.src = ipv6_unspecified;
	ipv6_rig_receive(&rig, ping(&ip, 40));
	assert_int_equal(rig.icmpv6.icmp.stats.bad, 2);
	hears_nothing();
}

/* --- errors that go out ---------------------------------------------------------------------- */

static void errors_quote_as_much_as_fits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		ipv6_rig_fini(&rig);
		setup_with(i == 0 ? 0 : NETIF_SG);
		arrives(99, NULL, 0, 1400);
		const uint8_t *message = hears(PROBLEM, 1);
		assert_int_equal(rig.len, FRAME_ETH + 1280);
		assert_int_equal(message[8], 0x60);
		assert_int_equal(load_be16(message + 12), 1400);
	}
}

static void errors_are_limited(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ICMP_BURST; i++) {
		arrives(99, NULL, 0, 10);
		hears(PROBLEM, 1);
	}
	arrives(99, NULL, 0, 10);
	hears_nothing();
	assert_int_equal(rig.icmpv6.icmp.stats.limited, 1);
	ipv6_rig_run_until(&rig, rig.now_us + ICMP_REFILL_US);
	arrives(99, NULL, 0, 10);
	hears(PROBLEM, 1);
	arrives(99, NULL, 0, 10);
	hears_nothing();
}

static void expect_forbidden(const struct frame_ipv6 *ip, const void *payload, size_t len)
{
	uint32_t before = rig.icmpv6.icmp.stats.forbidden;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, ip, payload, len));
	assert_int_equal(rig.icmpv6.icmp.stats.forbidden, before + 1);
	hears_nothing();
}

static void errors_about_errors_groups_and_nobody_are_not_sent(void **state)
{
	(void)state;
	static const uint8_t options[] = {58, 0, 0xde, 0, 1, 2, 0, 0};
	uint8_t message[48] = {UNREACHABLE};
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.next = 60;
	ip.extension = options;
	ip.extension_bytes = sizeof(options);
	expect_forbidden(&ip, message, sizeof(message));
	message[0] = 137;
	expect_forbidden(&ip, message, sizeof(message));
	expect_forbidden(&ip, NULL, 0); /* nobody knows what it is */
	message[0] = ECHO;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, message, sizeof(message)));
	hears(PROBLEM, 2);
	ip = ipv6_rig_from_peer(&rig);
	ip.next = 99;
	ip.src = ipv6_unspecified;
	expect_forbidden(&ip, message, sizeof(message));
	ip = ipv6_rig_from_peer(&rig);
	ip.next = 99;
	ip.dst = ip6("ff02::1");
	ip.eth_dst = NULL;
	expect_forbidden(&ip, message, sizeof(message));
}

static void transports_refuse_with_an_error(void **state)
{
	(void)state;
	static const struct {
		enum ip_unreachable why;
		uint8_t type, code;
		uint32_t word;
	} cases[] = {
		{IP_UNREACHABLE_PORT, UNREACHABLE, 4, 0},
		{IP_REASSEMBLY_TIMEOUT, EXCEEDED, 1, 0},
		{IP_UNREACHABLE_PROTOCOL, PROBLEM, 1, 6},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt *p = ipv6_rig_packet(&rig, 100);
		const struct ip_meta meta = {
			.src = ip6(RIG6_PEER), .dst = ip6(RIG6_ADDR), .proto = PROTO};
		ipv6_header_emit(&meta, 100, pkt_push(p, IPV6_HEADER_BYTES));
		p->l3 = (uint16_t)pkt_headroom(p);
		pkt_pull(p, IPV6_HEADER_BYTES);
		p->l4 = (uint16_t)pkt_headroom(p);
		ip_unreachable(&rig.ipv6.ip, rig.now_us, p, &meta, cases[i].why);
		const uint8_t *message = hears(cases[i].type, cases[i].code);
		assert_int_equal(load_be32(message + 4), cases[i].word);
		assert_int_equal(rig.len, FRAME6_L4 + 8 + 140);
	}
}

static void errors_that_cannot_be_sent_are_counted(void **state)
{
	(void)state;
	struct pkt *held[RIG6_PACKETS];
	for (unsigned i = 0; i < RIG6_PACKETS; i++)
		held[i] = pkt_alloc(&rig.tx, 0);
	arrives(99, NULL, 0, 10);
	for (unsigned i = 0; i < RIG6_PACKETS; i++)
		pkt_put(held[i]);
	rig.fake.send_error = ERR_AGAIN;
	arrives(99, NULL, 0, 10);
	assert_int_equal(rig.icmpv6.icmp.stats.error_failed, 2);
}

/* --- errors that come in --------------------------------------------------------------------- */

struct error {
	uint8_t type, code;
	uint32_t word;
	size_t quoted; /* bytes */
};

/* About a packet of 1400 bytes that we sent to the far host, from a router far away. */
static size_t error_frame(const struct error *e)
{
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	const struct ip_meta sent = {
		.src = ip6(RIG6_ADDR), .dst = ip6(RIG6_FAR), .proto = PROTO, .ttl = 3};
	uint8_t message[FRAME_MAX] = {e->type, e->code};
	store_be32(message + 4, e->word);
	ipv6_header_emit(&sent, 1400 - 40, message + 8);
	frame_pattern(message + 48, 1360);
	ip.src = ip6("2001:db8::99");
	ip.eth_src = rig6_router_mac;
	ip.hop_limit = 60;
	return frame_icmpv6(rig.frame, &ip, message, 8 + e->quoted);
}

static void errors_are_shown_to_the_transport(void **state)
{
	(void)state;
	static const struct {
		struct error e;
		enum err error;
		uint16_t mtu;
	} cases[] = {
		{{UNREACHABLE, 0, 0, 48}, ERR_UNREACHABLE, 0},
		{{UNREACHABLE, 1, 0, 100}, ERR_UNREACHABLE, 0},
		{{UNREACHABLE, 4, 0, 100}, ERR_REFUSED, 0},
		{{TOO_BIG, 0, 1399, 1232}, ERR_INVALID, 1399},
		{{TOO_BIG, 0, 1280, 1232}, ERR_INVALID, 1280},
		{{EXCEEDED, 0, 0, 100}, ERR_UNREACHABLE, 0},
		{{PROBLEM, 0, 40, 100}, ERR_INVALID, 0},
		{{PROBLEM, 1, 6, 100}, ERR_REFUSED, 0},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		ipv6_rig_receive(&rig, error_frame(&cases[i].e));
		assert_int_equal(seen.count, i + 1);
		assert_int_equal(seen.error, cases[i].error);
		assert_int_equal(seen.mtu, cases[i].mtu);
		assert_int_equal(seen.len, cases[i].e.quoted - 40);
		assert_addr(&seen.meta.src, RIG6_ADDR);
		assert_addr(&seen.meta.dst, RIG6_FAR);
		assert_int_equal(seen.meta.proto, PROTO);
	}
	assert_int_equal(rig.icmpv6.icmp.stats.errors_in, ARRAY_SIZE(cases));
	hears_nothing();
}

static void impossible_errors_are_not(void **state)
{
	(void)state;
	static const struct error bad[] = {
		{TOO_BIG, 0, 1279, 100},  {TOO_BIG, 0, 0, 100},    {TOO_BIG, 0, 1400, 100},
		{TOO_BIG, 0, 70000, 100}, {UNREACHABLE, 0, 0, 47}, {UNREACHABLE, 0, 0, 0},
		{TOO_BIG, 0, 66816, 100}, /* 1280 in its low half */
	};
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		ipv6_rig_receive(&rig, error_frame(&bad[i]));
	assert_int_equal(rig.icmpv6.icmp.stats.bad, ARRAY_SIZE(bad));
	const struct error e = {UNREACHABLE, 0, 0, 100};
	error_frame(&e);
	uint8_t message[108];
	memcpy(message, rig.frame + FRAME6_L4, sizeof(message));
	message[8 + 23] = 3; /* sent by fd00::3 */
	const struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, sizeof(message)));
	message[8 + 23] = 2;
	message[8 + 6] = 99; /* nobody here sends that */
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, sizeof(message)));
	assert_int_equal(rig.icmpv6.icmp.stats.not_ours, 2);
	message[8 + 6] = PROTO;
	message[0] = 5; /* an error of a type that is not known */
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, sizeof(message)));
	message[0] = 130;
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, sizeof(message)));
	assert_int_equal(rig.icmpv6.icmp.stats.ignored, 2);
	assert_int_equal(seen.count, 0);
	hears_nothing();
}

const struct CMUnitTest errors_tests[] = {
	TEST(answers_echo_in_the_same_packet),
	TEST(answers_echo_to_all_nodes_at_a_rate),
	TEST(echo_that_is_damaged_or_from_nowhere_is_dropped),
	TEST(errors_quote_as_much_as_fits),
	TEST(errors_are_limited),
	TEST(errors_about_errors_groups_and_nobody_are_not_sent),
	TEST(transports_refuse_with_an_error),
	TEST(errors_that_cannot_be_sent_are_counted),
	TEST(errors_are_shown_to_the_transport),
	TEST(impossible_errors_are_not),
};
const size_t n_errors_tests = ARRAY_SIZE(errors_tests);
