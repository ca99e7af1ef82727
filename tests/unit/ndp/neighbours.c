/* SPDX-License-Identifier: ISC */
/*
 * Neighbours (RFC 4861 section 7): resolved, confirmed, suspected, given up; and what is not
 * believed.
 */
#include "tests/unit/ndp/bench.h"

enum { PROTO = 253 };

static enum err sends(const char *dst, size_t len)
{
	const struct ip_meta meta = {.src = ip6(RIG6_ADDR), .dst = ip6(dst), .proto = PROTO};
	struct pkt *p = ipv6_rig_packet(&rig, len);
	enum err e = ip_output(&rig.ipv6.ip, rig.now_us, p, &meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

static struct neighbour *entry(const char *addr)
{
	const struct ip_addr a = ip6(addr);
	return neighbour_find(&rig.ndp.neighbours, &a);
}

static void assert_state(const char *addr, enum neighbour_state state)
{
	struct neighbour *e = entry(addr);
	assert_int_equal(e != NULL ? e->state : NEIGHBOUR_FREE, state);
}

/* fd00::7 answers. */
static void peer_answers(uint8_t flags, const uint8_t *mac)
{
	const struct ip_addr peer = ip6(RIG6_PEER), own = ip6(RIG6_ADDR);
	advertises(&peer, &own, flags, mac);
}

static void hears_packet(const uint8_t *mac, size_t len)
{
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + len);
	assert_memory_equal(rig.frame, mac, 6);
	assert_int_equal(rig.frame[FRAME_ETH + 6], PROTO);
}

/* A neighbour that has just been confirmed. */
static void confirm_peer(void)
{
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears(NDP_NEIGHBOR_SOLICITATION);
	peer_answers(NDP_NA_SOLICITED | NDP_NA_OVERRIDE, rig6_peer_mac);
	hears_packet(rig6_peer_mac, 10);
	assert_state(RIG6_PEER, NEIGHBOUR_REACHABLE);
}

static void packets_wait_for_the_answer(void **state)
{
	(void)state;
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	struct heard h = hears(NDP_NEIGHBOR_SOLICITATION);
	assert_addr(&h.src, RIG6_ADDR);
	assert_addr(&h.dst, "ff02::1:ff00:7");
	assert_addr(&h.target, RIG6_PEER);
	assert_memory_equal(h.mac, rig.fake.netif.mac, 6);
	assert_int_equal(sends(RIG6_PEER, 20), OK);
	hears_nothing();
	peer_answers(NDP_NA_SOLICITED, rig6_peer_mac);
	hears_packet(rig6_peer_mac, 10);
	hears_packet(rig6_peer_mac, 20);
	assert_int_equal(sends(RIG6_PEER, 30), OK);
	hears_packet(rig6_peer_mac, 30);
}

static void who_does_not_answer_is_refused_for_a_while(void **state)
{
	(void)state;
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	for (unsigned i = 0; i < NDP_TRIES; i++) {
		hears(NDP_NEIGHBOR_SOLICITATION);
		hears_nothing();
		passes_s(1);
	}
	hears_nothing();
	assert_int_equal(rig.ndp.stats.failed, 1);
	assert_int_equal(rig.ndp.neighbours.stats.dropped, 1);
	assert_int_equal(sends(RIG6_PEER, 10), ERR_UNREACHABLE);
	assert_int_equal(rig.ipv6.stats.unreachable, 1);
	passes_s(5);
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears(NDP_NEIGHBOR_SOLICITATION);
}

static void nobody_is_asked_from_an_optimistic_address(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		start(NULL, NULL, "a secret");
		if (i == 1)
			passes_s(1); /* the link-local address is assigned */
		advertises_prefix("fd00::", 64, 0xc0, 7200, 3600);
		ipv6_rig_forget_sent(&rig);
		const struct ip_meta meta = {
			.src = addr_in("fd00::")->addr, .dst = ip6(RIG6_PEER), .proto = PROTO};
		struct pkt *p = ipv6_rig_packet(&rig, 10);
		assert_int_equal(ip_output(&rig.ipv6.ip, rig.now_us, p, &meta), OK);
		if (i == 0) {
			hears_nothing();
			passes_s(1);
			hears(NDP_NEIGHBOR_ADVERTISEMENT); /* now they are ours */
			hears(NDP_NEIGHBOR_ADVERTISEMENT);
		}
		struct heard h = hears(NDP_NEIGHBOR_SOLICITATION);
		assert_addr(&h.target, RIG6_PEER);
		assert_int_equal(ipv6_addr_is_link_local(&h.src), i == 1);
	}
}

static void a_neighbour_in_use_is_confirmed_again(void **state)
{
	(void)state;
	confirm_peer();
	passes_s(60);
	assert_state(RIG6_PEER, NEIGHBOUR_STALE);
	hears_nothing();
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears_packet(rig6_peer_mac, 10);
	assert_state(RIG6_PEER, NEIGHBOUR_DELAY);
	passes_s(5);
	struct heard h = hears(NDP_NEIGHBOR_SOLICITATION); /* to it alone */
	assert_addr(&h.dst, RIG6_PEER);
	assert_memory_equal(h.eth_dst, rig6_peer_mac, 6);
	assert_state(RIG6_PEER, NEIGHBOUR_PROBE);
	assert_int_equal(sends(RIG6_PEER, 10), OK); /* used meanwhile */
	hears_packet(rig6_peer_mac, 10);
	peer_answers(NDP_NA_SOLICITED, rig6_peer_mac);
	assert_state(RIG6_PEER, NEIGHBOUR_REACHABLE);
}

static void one_that_is_gone_is_asked_for_anew(void **state)
{
	(void)state;
	confirm_peer();
	passes_s(60);
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears_packet(rig6_peer_mac, 10);
	passes_s(5);
	for (unsigned i = 0; i < NDP_TRIES; i++) {
		hears(NDP_NEIGHBOR_SOLICITATION);
		passes_s(1);
	}
	assert_null(entry(RIG6_PEER));
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	struct heard h = hears(NDP_NEIGHBOR_SOLICITATION);
	assert_addr(&h.dst, "ff02::1:ff00:7");
}

static void reachable_times_differ(void **state)
{
	(void)state;
	uint64_t first = 0;
	bool differ = false;
	for (unsigned i = 0; i < 8; i++) {
		confirm_peer();
		uint64_t time_us = entry(RIG6_PEER)->due_us - rig.now_us;
		assert_in_range(time_us, NDP_REACHABLE_US / 2, NDP_REACHABLE_US * 3 / 2);
		differ |= first != 0 && time_us != first;
		first = time_us;
		neighbours_clear(&rig.ndp.neighbours);
	}
	assert_true(differ);
}

/* RFC 4861 section 7.2.5, and the table of appendix C. */
static void advertisements_change_what_they_may(void **state)
{
	(void)state;
	static const struct {
		uint8_t flags;
		bool other, mac;
		enum neighbour_state becomes;
		bool moves;
	} cases[] = {
		{0, true, true, NEIGHBOUR_STALE, false},
		{NDP_NA_SOLICITED, true, true, NEIGHBOUR_STALE, false},
		{NDP_NA_OVERRIDE, true, true, NEIGHBOUR_STALE, true},
		{NDP_NA_SOLICITED | NDP_NA_OVERRIDE, true, true, NEIGHBOUR_REACHABLE, true},
		{NDP_NA_SOLICITED, false, true, NEIGHBOUR_REACHABLE, false},
		{NDP_NA_SOLICITED, false, false, NEIGHBOUR_REACHABLE, false},
		{NDP_NA_OVERRIDE, false, true, NEIGHBOUR_REACHABLE, false},
		{0, false, true, NEIGHBOUR_REACHABLE, false},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		neighbours_clear(&rig.ndp.neighbours);
		confirm_peer();
		const uint8_t *mac = cases[i].other ? rig6_other_mac : rig6_peer_mac;
		peer_answers(cases[i].flags, cases[i].mac ? mac : NULL);
		assert_state(RIG6_PEER, cases[i].becomes);
		assert_memory_equal(entry(RIG6_PEER)->mac,
				    cases[i].moves ? rig6_other_mac : rig6_peer_mac, 6);
	}
	assert_int_equal(rig.ndp.neighbours.stats.moved, 2);
}

static void an_answer_without_address_or_flag_is_none(void **state)
{
	(void)state;
	static const uint8_t group[6] = {1, 0, 0, 0, 0, 7};
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears(NDP_NEIGHBOR_SOLICITATION);
	peer_answers(NDP_NA_SOLICITED, NULL);
	peer_answers(NDP_NA_SOLICITED, group);
	assert_state(RIG6_PEER, NEIGHBOUR_INCOMPLETE);
	peer_answers(0, rig6_peer_mac); /* nobody asked for it: sent there, but not confirmed */
	hears_packet(rig6_peer_mac, 10);
	assert_state(RIG6_PEER, NEIGHBOUR_STALE);
}

static void who_was_not_asked_for_is_not_learnt(void **state)
{
	(void)state;
	peer_answers(NDP_NA_SOLICITED | NDP_NA_OVERRIDE, rig6_peer_mac);
	assert_null(entry(RIG6_PEER));
}

static void who_asks_is_learnt_but_not_confirmed(void **state)
{
	(void)state;
	const struct ip_addr peer = ip6(RIG6_PEER), own = ip6(RIG6_ADDR);
	ipv6_rig_know(&rig, &peer, rig6_peer_mac, &own);
	assert_state(RIG6_PEER, NEIGHBOUR_STALE);
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears_packet(rig6_peer_mac, 10);
	ipv6_rig_know(&rig, &peer, rig6_other_mac, &own);
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears_packet(rig6_other_mac, 10);
	solicits(&peer, &own, &own, NULL); /* without an option, from one that is known */
	struct heard h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_memory_equal(h.eth_dst, rig6_other_mac, 6);
}

/* --- what is not believed -------------------------------------------------------------------- */

static void expect_bad(size_t len)
{
	uint32_t bad = rig.ndp.stats.bad + rig.icmpv6.icmp.stats.bad;
	ipv6_rig_receive(&rig, len);
	assert_int_equal(rig.ndp.stats.bad + rig.icmpv6.icmp.stats.bad, bad + 1);
	hears_nothing();
	assert_null(entry(RIG6_PEER));
}

static void solicitations_are_validated(void **state)
{
	(void)state;
	const struct ip_addr own = ip6(RIG6_ADDR);
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	uint8_t msg[40] = {NDP_NEIGHBOR_SOLICITATION};
	memcpy(msg + 8, &own, 16);
	size_t len = 24 + nd_mac(msg + 24, NDP_OPTION_SOURCE, rig6_peer_mac);
	for (unsigned hops = 1; hops < 255; hops += 23) {
		ip.hop_limit = (uint8_t)hops;
		expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	}
	ip.hop_limit = 255;
	for (size_t n = 8; n < 24; n++)
		expect_bad(frame_icmpv6(rig.frame, &ip, msg, n));
	for (size_t n = 25; n < len; n++)
		expect_bad(frame_icmpv6(rig.frame, &ip, msg, n));
	msg[1] = 1; /* code */
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	msg[1] = 0;
	msg[25] = 0; /* length of the option */
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	msg[25] = 2;
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	msg[25] = 1;
	msg[8] = 0xff; /* target */
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	msg[8] = 0xfd;
	size_t bytes = frame_icmpv6(rig.frame, &ip, msg, len);
	rig.frame[FRAME6_L4 + 2] ^= 1; /* checksum */
	expect_bad(bytes);
	ip.src = ipv6_unspecified; /* from nowhere with an address, or not to the group */
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, len));
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, 24));
	ip = ipv6_rig_from_peer(&rig);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, len));
	hears(NDP_NEIGHBOR_ADVERTISEMENT);
}

static void advertisements_are_validated(void **state)
{
	(void)state;
	const struct ip_addr peer = ip6(RIG6_PEER), group = ip6("ff02::7");
	assert_int_equal(sends(RIG6_PEER, 10), OK);
	hears(NDP_NEIGHBOR_SOLICITATION);
	advertises(&peer, NULL, NDP_NA_SOLICITED, rig6_peer_mac); /* solicited, but to a group */
	assert_int_equal(rig.ndp.stats.bad, 1);
	advertises(&group, NULL, 0, rig6_peer_mac);
	assert_state(RIG6_PEER, NEIGHBOUR_INCOMPLETE);
}

static void messages_behind_extension_headers_are_not_believed(void **state)
{
	(void)state;
	static const uint8_t atomic_fragment[8] = {58}, options[8] = {58, 0, 1, 4};
	const struct ip_addr own = ip6(RIG6_ADDR);
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	uint8_t msg[32] = {NDP_NEIGHBOR_SOLICITATION};
	memcpy(msg + 8, &own, 16);
	nd_mac(msg + 24, NDP_OPTION_SOURCE, rig6_peer_mac);
	ip.extension = atomic_fragment;
	ip.extension_bytes = 8;
	ip.next = 44;
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
	ip.extension = options;
	ip.next = 60;
	expect_bad(frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
}

/* --- bounds ---------------------------------------------------------------------------------- */

static void strangers_displace_nobody_in_use(void **state)
{
	(void)state;
	struct ip_addr stranger = ip6("fd00::1:0");
	const struct ip_addr own = ip6(RIG6_ADDR);
	confirm_peer();
	for (uint32_t i = 1; i < 300; i++) {
		store_be32(&stranger.word[3], 0x10000 + i);
		ipv6_rig_know(&rig, &stranger, rig6_other_mac, &own);
	}
	assert_int_equal(rig.ndp.neighbours.stats.evicted, 299 - (NEIGHBOURS_MAX - 1));
	assert_state(RIG6_PEER, NEIGHBOUR_REACHABLE);
}

static void packets_that_wait_are_bounded(void **state)
{
	(void)state;
	char dst[INET_ADDR_CHARS];
	struct ip_addr to = ip6("fd00::1:0");
	for (uint32_t i = 0; i < 200; i++) {
		store_be32(&to.word[3], 0x10000 + i % 50);
		assert_int_equal(sends(inet_format_v6(&to, dst), 10), OK);
		ipv6_rig_forget_sent(&rig);
	}
	assert_in_range(rig.tx.pool.used, NEIGHBOURS_MAX, NEIGHBOUR_WAITING_MAX + NEIGHBOURS_MAX);
	passes_s(10);
	assert_int_equal(rig.ndp.neighbours.waiting, 0);
}

static void what_cannot_be_sent_is_counted(void **state)
{
	(void)state;
	const struct ip_addr peer = ip6(RIG6_PEER), own = ip6(RIG6_ADDR);
	rig.fake.send_error = ERR_AGAIN;
	solicits(&peer, &own, &own, rig6_peer_mac);
	assert_int_equal(rig.ndp.stats.tx_failed, 1);
	rig.fake.send_error = OK;
	struct pkt *held[RIG6_PACKETS];
	for (unsigned i = 0; i < RIG6_PACKETS; i++) {
		held[i] = pkt_alloc(&rig.tx, 0);
		assert_non_null(held[i]);
	}
	solicits(&peer, &own, &own, rig6_peer_mac);
	assert_int_equal(rig.ndp.stats.tx_failed, 2);
	for (unsigned i = 0; i < RIG6_PACKETS; i++)
		pkt_put(held[i]);
	hears_nothing();
}

const struct CMUnitTest neighbours_tests[] = {
	TEST_STATIC(packets_wait_for_the_answer),
	TEST_STATIC(who_does_not_answer_is_refused_for_a_while),
	TEST(nobody_is_asked_from_an_optimistic_address),
	TEST_STATIC(a_neighbour_in_use_is_confirmed_again),
	TEST_STATIC(one_that_is_gone_is_asked_for_anew),
	TEST_STATIC(reachable_times_differ),
	TEST_STATIC(advertisements_change_what_they_may),
	TEST_STATIC(an_answer_without_address_or_flag_is_none),
	TEST_STATIC(who_was_not_asked_for_is_not_learnt),
	TEST_STATIC(who_asks_is_learnt_but_not_confirmed),
	TEST_STATIC(solicitations_are_validated),
	TEST_STATIC(advertisements_are_validated),
	TEST_STATIC(messages_behind_extension_headers_are_not_believed),
	TEST_STATIC(strangers_displace_nobody_in_use),
	TEST_STATIC(packets_that_wait_are_bounded),
	TEST_STATIC(what_cannot_be_sent_is_counted),
};
const size_t n_neighbours_tests = ARRAY_SIZE(neighbours_tests);
