/* SPDX-License-Identifier: ISC */
/*
 * Routers: asked (RFC 4861 section 6.3.7, RFC 7559), believed, preferred (RFC 4191) and forgotten;
 * the first hop of what is sent.
 */
#include "tests/unit/ndp/bench.h"

enum { ON_LINK = 0x80, AUTO = 0x40, HIGH = 0x08, LOW = 0x18 };

/* An advertisement of any router. */
static void says(const char *from, const uint8_t *mac, uint8_t preference, uint16_t lifetime_s)
{
	struct frame_ipv6 ip = ipv6_rig_from_router(&rig);
	uint8_t msg[24] = {NDP_ROUTER_ADVERTISEMENT};
	ip.src = ip6(from);
	ip.eth_src = mac;
	msg[5] = preference;
	store_be16(msg + 6, lifetime_s);
	size_t len = 16 + nd_mac(msg + 16, NDP_OPTION_SOURCE, mac);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, len));
}

static void assert_hop(const char *dst, const char *expected)
{
	const struct ip_addr to = ip6(dst);
	const struct ip_addr *hop = ndp_next_hop(&rig.ndp, rig.now_us, &to);
	assert_int_equal(hop != NULL, expected != NULL);
	if (hop != NULL)
		assert_addr(hop, expected);
}

static void routers_are_asked_ever_more_rarely(void **state)
{
	(void)state;
	uint64_t last_us = 10 * US_PER_S, wait_us = 4 * US_PER_S;
	for (unsigned i = 0; i < 14; i++) {
		ipv6_rig_poll_at(&rig, rig.deadline_us);
		struct heard h = hears(NDP_ROUTER_SOLICITATION);
		assert_memory_equal(h.mac, rig.fake.netif.mac, 6);
		assert_true(ipv6_addr_is_link_local(&h.src));
		uint64_t waited_us = rig.now_us - last_us;
		assert_in_range(waited_us, wait_us * 8 / 10, wait_us * 12 / 10);
		last_us = rig.now_us;
		wait_us = MIN(2 * waited_us, NDP_SOLICIT_MAX_US);
	}
	assert_true(wait_us > UINT64_C(3000) * US_PER_S);
	says(RIG6_ROUTER, rig6_router_mac, 0, 30);
	passes_s(29);
	hears_nothing();
	passes_s(1); /* the only one is gone */
	hears(NDP_ROUTER_SOLICITATION);
}

static void routers_come_and_go(void **state)
{
	(void)state;
	assert_hop(RIG6_FAR, NULL);
	says(RIG6_ROUTER, rig6_router_mac, 0, 100);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	says(RIG6_ROUTER, rig6_router_mac, 0, 0);
	assert_hop(RIG6_FAR, NULL);
	says(RIG6_ROUTER, rig6_router_mac, 0, 100);
	passes_s(50);
	says(RIG6_ROUTER, rig6_router_mac, 0, 100);
	passes_s(99);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	passes_s(1);
	assert_hop(RIG6_FAR, NULL);
}

static void the_preferred_router_that_answers_is_taken(void **state)
{
	(void)state;
	says(RIG6_ROUTER, rig6_router_mac, LOW, 100);
	says(RIG6_OTHER, rig6_other_mac, 0, 100);
	assert_hop(RIG6_FAR, RIG6_OTHER);
	says(RIG6_ROUTER, rig6_router_mac, HIGH, 100);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	const struct ip_addr router = ip6(RIG6_ROUTER);
	struct neighbour *e = neighbour_find(&rig.ndp.neighbours, &router);
	assert_true(e->is_router);
	e->state = NEIGHBOUR_FAILED;
	e->due_us = rig.now_us + NDP_FAILED_US;
	assert_hop(RIG6_FAR, RIG6_OTHER);
	neighbour_forget(&rig.ndp.neighbours, e);
	assert_hop(RIG6_FAR, RIG6_OTHER); /* nobody knows whether it answers */
}

static void a_router_that_has_become_a_host_is_forgotten(void **state)
{
	(void)state;
	const struct ip_addr router = ip6(RIG6_ROUTER);
	says(RIG6_ROUTER, rig6_router_mac, 0, 100);
	advertises(&router, NULL, NDP_NA_ROUTER, rig6_router_mac);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	advertises(&router, NULL, 0, rig6_router_mac);
	assert_hop(RIG6_FAR, NULL);
}

static void routers_are_bounded(void **state)
{
	(void)state;
	char name[] = "fe80::10";
	for (char c = '0'; c <= '9'; c++) {
		name[6] = c;
		says(name, rig6_router_mac, 0, 100);
	}
	assert_int_equal(rig.ndp.stats.full, 10 - NDP_ROUTERS_MAX);
	passes_s(100);
	assert_false(ndp_has_router(&rig.ndp));
}

static void a_static_router_stays(void **state)
{
	(void)state;
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	says(RIG6_OTHER, rig6_other_mac, HIGH, 100);
	says(RIG6_ROUTER, rig6_router_mac, 0, 0);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	assert_hop(RIG6_PEER, RIG6_PEER);
	advertises_prefix("fd00::", 64, ON_LINK, 0, 0); /* nor its prefix */
	assert_hop(RIG6_PEER, RIG6_PEER);
}

static void what_is_on_the_link_needs_no_router(void **state)
{
	(void)state;
	assert_hop("fe80::7", "fe80::7");
	assert_hop("2001:db8:1::7", NULL); /* nothing is on the link unless somebody says so */
	advertises_prefix("2001:db8:1::", 64, ON_LINK, 100, 100);
	advertises_prefix("2001:db8:2::", 64, AUTO, 100, 100);
	assert_hop("2001:db8:1::7", "2001:db8:1::7");
	assert_hop("2001:db8:2::7", RIG6_ROUTER);
	passes_s(100);
	assert_hop("2001:db8:1::7", RIG6_ROUTER);
	advertises_prefix("2001:db8:1::", 64, ON_LINK, 100, 100);
	advertises_prefix("2001:db8:1::", 64, ON_LINK, 0, 0);
	assert_hop("2001:db8:1::7", RIG6_ROUTER);
}

static void prefixes_are_bounded(void **state)
{
	(void)state;
	char prefix[] = "2001:db8:0::";
	for (char c = '0'; c <= '9'; c++) {
		prefix[9] = c;
		advertises_prefix(prefix, 64, ON_LINK, 100, 100);
	}
	assert_int_equal(rig.ndp.stats.full, 10 - NDP_PREFIXES_MAX);
}

/* --- parameters ------------------------------------------------------------------------------ */

static void parameters(uint8_t hop_limit, uint32_t reachable_ms, uint32_t retrans_ms, uint32_t mtu)
{
	struct frame_ipv6 ip = ipv6_rig_from_router(&rig);
	uint8_t msg[24] = {NDP_ROUTER_ADVERTISEMENT, 0, 0, 0, hop_limit};
	store_be32(msg + 8, reachable_ms);
	store_be32(msg + 12, retrans_ms);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, 16 + nd_mtu(msg + 16, mtu)));
}

static void parameters_are_taken_within_reason(void **state)
{
	(void)state;
	parameters(0, 0, 0, 1500);
	assert_int_equal(rig.ndp.hop_limit, 64);
	assert_int_equal(rig.ndp.reachable_us, NDP_REACHABLE_US);
	assert_int_equal(rig.ndp.retrans_us, NDP_RETRANS_US);
	parameters(128, 20000, 500, 1400);
	assert_int_equal(rig.ndp.hop_limit, 128);
	assert_int_equal(rig.ndp.reachable_us, 20 * US_PER_S);
	assert_int_equal(rig.ndp.retrans_us, 500 * US_PER_MS);
	assert_int_equal(rig.ndp.mtu, 1400);
	parameters(1, UINT32_MAX, UINT32_MAX, 1279);
	parameters(2, 1, 1, 9000);
	assert_int_equal(rig.ndp.hop_limit, 128);
	assert_int_equal(rig.ndp.reachable_us, 20 * US_PER_S);
	assert_int_equal(rig.ndp.retrans_us, 500 * US_PER_MS);
	assert_int_equal(rig.ndp.mtu, 1400);
}

static void advertisements_come_from_the_link(void **state)
{
	(void)state;
	says("2001:db8::99", rig6_router_mac, 0, 100);
	assert_int_equal(rig.ndp.stats.bad, 1);
	struct frame_ipv6 ip = ipv6_rig_from_router(&rig);
	uint8_t msg[16] = {NDP_ROUTER_ADVERTISEMENT, 0, 0, 0, 0, 0, 1};
	ip.hop_limit = 254;
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
	ip.hop_limit = 255;
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, 15));
	assert_int_equal(rig.ndp.stats.bad, 3);
	assert_false(ndp_has_router(&rig.ndp));
}

static void solicitations_of_routers_are_ignored(void **state)
{
	(void)state;
	struct frame_ipv6 ip = ipv6_rig_from_router(&rig);
	uint8_t msg[8] = {NDP_ROUTER_SOLICITATION};
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
	hears_nothing();
}

const struct CMUnitTest routers_tests[] = {
	TEST(routers_are_asked_ever_more_rarely),
	TEST(routers_come_and_go),
	TEST(the_preferred_router_that_answers_is_taken),
	TEST(a_router_that_has_become_a_host_is_forgotten),
	TEST(routers_are_bounded),
	TEST_STATIC(a_static_router_stays),
	TEST(what_is_on_the_link_needs_no_router),
	TEST(prefixes_are_bounded),
	TEST(parameters_are_taken_within_reason),
	TEST(advertisements_come_from_the_link),
	TEST(solicitations_of_routers_are_ignored),
};
const size_t n_routers_tests = ARRAY_SIZE(routers_tests);
