/* SPDX-License-Identifier: ISC */
/*
 * Redirects (RFC 4861 section 8).
 */
#include "tests/unit/ndp/bench.h"

struct redirect {
	const char *from, *target, *dst;
	uint8_t hop_limit;
};

static void is_redirected(const struct redirect *r)
{
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	const struct ip_addr target = ip6(r->target), dst = ip6(r->dst);
	uint8_t msg[48] = {NDP_REDIRECT};
	ip.src = ip6(r->from);
	ip.hop_limit = r->hop_limit;
	memcpy(msg + 8, &target, 16);
	memcpy(msg + 24, &dst, 16);
	nd_mac(msg + 40, NDP_OPTION_TARGET, rig6_other_mac);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
}

static void assert_hop(const char *dst, const char *expected)
{
	const struct ip_addr to = ip6(dst);
	const struct ip_addr *hop = ndp_next_hop(&rig.ndp, rig.now_us, &to);
	assert_non_null(hop);
	assert_addr(hop, expected);
}

static void the_router_knows_a_better_way(void **state)
{
	(void)state;
	const struct redirect r = {RIG6_ROUTER, RIG6_OTHER, RIG6_FAR, 0};
	is_redirected(&r);
	assert_hop(RIG6_FAR, RIG6_OTHER);
	assert_hop("2001:db8::2", RIG6_ROUTER);
	const struct ip_addr other = ip6(RIG6_OTHER);
	struct neighbour *e = neighbour_find(&rig.ndp.neighbours, &other);
	assert_int_equal(e->state, NEIGHBOUR_STALE);
	assert_memory_equal(e->mac, rig6_other_mac, 6);
	const struct redirect direct = {RIG6_ROUTER, "2001:db8::3", "2001:db8::3", 0};
	is_redirected(&direct);
	assert_hop("2001:db8::3", "2001:db8::3");
}

static void redirects_of_others_are_not_believed(void **state)
{
	(void)state;
	static const struct redirect wrong[] = {
		{RIG6_OTHER, RIG6_OTHER, RIG6_FAR, 0},     /* not the router of it */
		{RIG6_PEER, RIG6_OTHER, RIG6_FAR, 0},      /* not a link-local address */
		{RIG6_ROUTER, RIG6_OTHER, RIG6_FAR, 254},  /* not from the link */
		{RIG6_ROUTER, "2001:db8::9", RIG6_FAR, 0}, /* to neither router nor itself */
		{RIG6_ROUTER, RIG6_OTHER, "ff02::1", 0},   /* of a group */
		{RIG6_ROUTER, RIG6_OTHER, RIG6_ADDR, 0},   /* of our own address */
		{RIG6_ROUTER, RIG6_OTHER, RIG6_PEER, 0},   /* of what is on the link */
		{RIG6_ROUTER, RIG6_ADDR, RIG6_ADDR, 0},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++)
		is_redirected(&wrong[i]);
	assert_int_equal(rig.ndp.stats.bad + rig.ndp.stats.not_believed, ARRAY_SIZE(wrong));
	assert_hop(RIG6_FAR, RIG6_ROUTER);
	assert_hop(RIG6_PEER, RIG6_PEER);
}

static void a_way_that_fails_is_forgotten(void **state)
{
	(void)state;
	const struct redirect r = {RIG6_ROUTER, RIG6_OTHER, RIG6_FAR, 0};
	const struct ip_meta meta = {.src = ip6(RIG6_ADDR), .dst = ip6(RIG6_FAR), .proto = 253};
	is_redirected(&r);
	struct pkt *p = ipv6_rig_packet(&rig, 10);
	assert_int_equal(ip_output(&rig.ipv6.ip, rig.now_us, p, &meta), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 10);
	assert_memory_equal(rig.frame, rig6_other_mac, 6);
	passes_s(9);
	assert_hop(RIG6_FAR, RIG6_ROUTER);
}

static void redirects_are_bounded(void **state)
{
	(void)state;
	char dst[] = "2001:db8::10";
	for (char c = '0'; c <= '9'; c++) {
		dst[10] = c;
		const struct redirect r = {RIG6_ROUTER, RIG6_OTHER, dst, 0};
		ipv6_rig_run_until(&rig, rig.now_us + 1000);
		is_redirected(&r);
	}
	assert_hop("2001:db8::90", RIG6_OTHER);
	assert_hop("2001:db8::20", RIG6_OTHER);
	assert_hop("2001:db8::10", RIG6_ROUTER);
	assert_hop("2001:db8::0", RIG6_ROUTER);
}

const struct CMUnitTest redirects_tests[] = {
	TEST_STATIC(the_router_knows_a_better_way),
	TEST_STATIC(redirects_of_others_are_not_believed),
	TEST_STATIC(a_way_that_fails_is_forgotten),
	TEST_STATIC(redirects_are_bounded),
};
const size_t n_redirects_tests = ARRAY_SIZE(redirects_tests);
