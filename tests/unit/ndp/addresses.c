/* SPDX-License-Identifier: ISC */
/*
 * Our addresses: how they are made (RFC 7217), looked for (RFC 4862, RFC 4429, RFC 7527), kept and
 * lost, and which one is sent from (RFC 6724).
 */
#include "tests/fakes/runtime.h"
#include "tests/unit/ndp/bench.h"

enum { ON_LINK = 0x80, AUTO = 0x40, LA = ON_LINK | AUTO };

static struct ip_addr link_local(void)
{
	return addr_in("fe80::")->addr;
}

/* --- at the start ---------------------------------------------------------------------------- */

static void looks_for_its_link_local_address_and_asks_routers_at_once(void **state)
{
	(void)state;
	start(NULL, NULL, "a secret");
	const struct ip_addr own = link_local(), group = ipv6_solicited_node(&own);
	uint8_t mac[6];
	assert_true(ipv6_addr_is_link_local(&own));
	struct heard h = hears(NDP_NEIGHBOR_SOLICITATION);
	assert_addr(&h.src, "::");
	assert_true(ip_addr_equal(&h.dst, &group));
	assert_true(ip_addr_equal(&h.target, &own));
	eth_group_addr(&group, mac);
	assert_memory_equal(h.eth_dst, mac, 6);
	assert_null(h.mac);
	assert_non_null(h.nonce);
	h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_int_equal(h.flags, 0); /* optimistic: overrides nothing */
	assert_true(ip_addr_equal(&h.target, &own));
	h = hears(NDP_ROUTER_SOLICITATION);
	assert_addr(&h.src, "::");
	assert_addr(&h.dst, "ff02::2");
	assert_null(h.mac);
	hears_nothing();
	ipv6_rig_run_until(&rig, rig.now_us + NDP_RETRANS_US - 1);
	hears_nothing();
	assert_int_equal(addr_in("fe80::")->state, NDP_ADDR_OPTIMISTIC);
	ipv6_rig_run_until(&rig, rig.now_us + 1);
	assert_int_equal(addr_in("fe80::")->state, NDP_ADDR_ASSIGNED);
	h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_int_equal(h.flags, NDP_NA_OVERRIDE);
	assert_addr(&h.dst, "ff02::1");
	assert_memory_equal(h.mac, rig.fake.netif.mac, 6);
}

static void a_static_address_is_silent_until_nobody_has_it(void **state)
{
	(void)state;
	start(RIG6_ADDR "/64", RIG6_ROUTER, "a secret");
	const struct ip_addr addr = ip6(RIG6_ADDR);
	assert_false(ndp_owns(&rig.ndp, &addr));
	const struct ip_addr peer = ip6(RIG6_PEER), group = ipv6_solicited_node(&addr);
	ipv6_rig_forget_sent(&rig);
	solicits(&peer, &group, &addr, rig6_peer_mac);
	hears_nothing();
	struct pkt *p = ipv6_rig_packet(&rig, 100);
	const struct ip_meta meta = {.src = addr, .dst = peer, .proto = 253};
	assert_int_equal(ip_output(&rig.ipv6.ip, rig.now_us, p, &meta), ERR_INVALID);
	pkt_put(p);
	passes_s(1);
	assert_true(ndp_owns(&rig.ndp, &addr));
	assert_string_equal(fake_log_last, "net0: fd00::2/64");
	ipv6_rig_forget_sent(&rig);
	solicits(&peer, &group, &addr, rig6_peer_mac);
	struct heard h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_int_equal(h.flags, NDP_NA_SOLICITED | NDP_NA_OVERRIDE);
	assert_true(ip_addr_equal(&h.dst, &peer));
	assert_memory_equal(h.eth_dst, rig6_peer_mac, 6);
}

static void with_a_static_router_nobody_is_asked(void **state)
{
	(void)state;
	start(RIG6_ADDR "/64", RIG6_ROUTER, "");
	hears(NDP_NEIGHBOR_SOLICITATION);
	hears(NDP_NEIGHBOR_ADVERTISEMENT);
	hears(NDP_NEIGHBOR_SOLICITATION);
	hears_nothing();
	assert_int_equal(rig.ndp.stats.routers_out, 0);
}

static void refuse(const char *prefix, const char *gateway, const char *said)
{
	ipv6_rig_fini(&rig);
	ipv6_rig_init(&rig, 0);
	assert_int_equal(ipv6_rig_try_start(&rig, prefix, gateway, NULL), ERR_INVALID);
	assert_non_null(strstr(fake_log_last, said));
}

static void refuses_addresses_that_no_host_can_have(void **state)
{
	(void)state;
	refuse("::1/64", NULL, "::1/64 is no address that a host can have");
	refuse("ff02::1/64", NULL, "no address");
	refuse("::ffff:10.0.0.1/96", NULL, "no address");
	refuse("::/64", NULL, "no address");
	refuse("fd00::2/64", "fd00::2", "the gateway fd00::2 is no other host of this link");
	refuse("fd00::2/64", "fd01::1", "no other host");
	refuse("fd00::2/64", "ff02::2", "no other host");
	refuse(NULL, "fd00::1", "no other host");
	ipv6_rig_init(&rig, 0);
	rig.fake.netif.mtu = 1279;
	assert_int_equal(ipv6_rig_try_start(&rig, NULL, NULL, NULL), ERR_UNSUPPORTED);
	ipv6_rig_init(&rig, 0);
	rig.random.fails = true;
	assert_int_equal(ipv6_rig_try_start(&rig, NULL, NULL, NULL), ERR_NOTREADY);
}

/* --- identifiers ----------------------------------------------------------------------------- */

static void identifiers_are_stable_and_differ_by_prefix_secret_and_interface(void **state)
{
	(void)state;
	advertises_prefix("2001:db8:1::", 64, LA, 7200, 3600);
	advertises_prefix("2001:db8:2::", 64, LA, 7200, 3600);
	const struct ip_addr ll = link_local(), one = addr_in("2001:db8:1::")->addr,
			     two = addr_in("2001:db8:2::")->addr;
	assert_false(one.word[2] == two.word[2] && one.word[3] == two.word[3]);
	assert_false(one.word[2] == ll.word[2] && one.word[3] == ll.word[3]);
	start(NULL, NULL, "a secret");
	assert_true(ip_addr_equal(&addr_in("fe80::")->addr, &ll));
	start(NULL, NULL, "a secret, which is another one");
	assert_false(ip_addr_equal(&addr_in("fe80::")->addr, &ll));
	ipv6_rig_fini(&rig);
	ipv6_rig_init(&rig, 0);
	rig.fake.netif.mac[5] = 9;
	assert_int_equal(ipv6_rig_try_start(&rig, NULL, NULL, "a secret"), OK);
	assert_false(ip_addr_equal(&addr_in("fe80::")->addr, &ll));
}

static void without_a_secret_they_are_drawn_anew(void **state)
{
	(void)state;
	start(NULL, NULL, "");
	const struct ip_addr first = link_local();
	ipv6_rig_fini(&rig);
	ipv6_rig_init(&rig, 0);
	rig.random.next = 77;
	assert_int_equal(ipv6_rig_try_start(&rig, NULL, NULL, ""), OK);
	assert_false(ip_addr_equal(&addr_in("fe80::")->addr, &first));
}

/* --- conflicts ------------------------------------------------------------------------------- */

static void generated_addresses_give_way_three_times(void **state)
{
	(void)state;
	start(NULL, NULL, "a secret");
	struct ip_addr last = link_local();
	for (unsigned i = 1; i <= NDP_REDO_MAX; i++) {
		ipv6_rig_forget_sent(&rig);
		advertises(&last, NULL, NDP_NA_OVERRIDE, rig6_other_mac);
		assert_int_equal(rig.ndp.stats.conflicts, i);
		assert_false(ndp_owns(&rig.ndp, &last));
		ipv6_rig_run_until(&rig, rig.now_us + NDP_REDO_US - 1);
		assert_int_equal(addr_in("fe80::")->state, NDP_ADDR_REDO);
		ipv6_rig_run_until(&rig, rig.now_us + 1);
		const struct ip_addr next = link_local();
		assert_false(ip_addr_equal(&next, &last));
		struct heard h = hears(NDP_NEIGHBOR_SOLICITATION);
		assert_true(ip_addr_equal(&h.target, &next));
		last = next;
	}
	advertises(&last, NULL, NDP_NA_OVERRIDE, rig6_other_mac);
	passes_s(100);
	assert_int_equal(addr_in("fe80::")->state, NDP_ADDR_DUPLICATE);
	assert_non_null(strstr(fake_log_last, "it is not used"));
}

static void a_static_address_that_another_has_is_not_used(void **state)
{
	(void)state;
	const struct ip_addr addr = ip6(RIG6_ADDR), group = ipv6_solicited_node(&addr);
	start(RIG6_ADDR "/64", RIG6_ROUTER, "");
	advertises(&addr, NULL, 0, rig6_other_mac);
	assert_string_equal(fake_log_last, "net0: another station has fd00::2: it is not used");
	passes_s(60);
	assert_false(ndp_owns(&rig.ndp, &addr));
	ipv6_rig_forget_sent(&rig);
	solicits(&ipv6_unspecified, &group, &addr, NULL);
	hears_nothing();
}

static void two_that_look_at_once_both_give_way(void **state)
{
	(void)state;
	const struct ip_addr addr = ip6(RIG6_ADDR), group = ipv6_solicited_node(&addr);
	start(RIG6_ADDR "/64", RIG6_ROUTER, "");
	solicits(&ipv6_unspecified, &group, &addr, NULL);
	assert_int_equal(rig.ndp.stats.conflicts, 1);
	passes_s(2);
	assert_false(ndp_owns(&rig.ndp, &addr));
}

static void its_own_solicitation_come_back_is_no_conflict(void **state)
{
	(void)state;
	start(RIG6_ADDR "/64", RIG6_ROUTER, "");
	uint8_t echo[2][FRAME_MAX];
	size_t len[2];
	for (unsigned i = 0; i < 2; i++) { /* of the link-local and of the static address */
		hears(NDP_NEIGHBOR_SOLICITATION);
		memcpy(echo[i], rig.frame, rig.len);
		len[i] = rig.len;
		if (i == 0)
			hears(NDP_NEIGHBOR_ADVERTISEMENT);
	}
	for (unsigned i = 0; i < 2; i++) {
		memcpy(rig.frame, echo[i], len[i]);
		ipv6_rig_receive(&rig, len[i]);
	}
	assert_int_equal(rig.ndp.stats.conflicts, 0);
	rig.frame[FRAME6_L4 + 26] ^= 1; /* another nonce: another station */
	const struct frame_ipv6 ip = {.eth_src = rig6_other_mac,
				      .src = ipv6_unspecified,
				      .dst = ipv6_addr_load(rig.frame + FRAME_ETH + 24)};
	uint8_t msg[32];
	memcpy(msg, rig.frame + FRAME6_L4, sizeof(msg));
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, sizeof(msg)));
	assert_int_equal(rig.ndp.stats.conflicts, 1);
}

static void an_assigned_address_is_defended_now_and_then(void **state)
{
	(void)state;
	const struct ip_addr addr = ip6(RIG6_ADDR), group = ipv6_solicited_node(&addr);
	advertises(&addr, NULL, NDP_NA_OVERRIDE, rig6_other_mac);
	assert_string_equal(fake_log_last, "net0: another station uses our address fd00::2");
	struct heard h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_int_equal(h.flags, NDP_NA_OVERRIDE);
	advertises(&addr, NULL, NDP_NA_OVERRIDE, rig6_other_mac);
	hears_nothing();
	passes_s(10);
	advertises(&addr, NULL, NDP_NA_OVERRIDE, rig6_other_mac);
	hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_true(ndp_owns(&rig.ndp, &addr));
	solicits(&ipv6_unspecified, &group, &addr,
		 NULL); /* who looks for it hears that it is ours */
	h = hears(NDP_NEIGHBOR_ADVERTISEMENT);
	assert_addr(&h.dst, "ff02::1");
	assert_int_equal(h.flags, NDP_NA_OVERRIDE);
}

/* --- lifetimes ------------------------------------------------------------------------------- */

static void addresses_are_deprecated_and_run_out(void **state)
{
	(void)state;
	const struct ip_addr far = ip6(RIG6_FAR);
	advertises_prefix("2001:db8:1::", 64, LA, 200, 100);
	const struct ndp_addr *a = addr_in("2001:db8:1::");
	const struct ip_addr addr = a->addr;
	assert_int_equal(a->state, NDP_ADDR_OPTIMISTIC);
	passes_s(50);
	advertises_prefix("2001:db8:2::", 64, LA, 1000, 1000);
	passes_s(49);
	assert_false(a->deprecated);
	passes_s(1);
	assert_true(a->deprecated);
	assert_true(
		ip_addr_equal(&ndp_source(&rig.ndp, &far)->addr, &addr_in("2001:db8:2::")->addr));
	passes_s(99);
	assert_true(ndp_owns(&rig.ndp, &addr));
	passes_s(1);
	assert_false(ndp_owns(&rig.ndp, &addr));
}

static void nobody_makes_an_address_run_out_within_two_hours(void **state)
{
	(void)state;
	advertises_prefix("2001:db8:1::", 64, LA, 86400, 86400);
	const struct ndp_addr *a = addr_in("2001:db8:1::");
	advertises_prefix("2001:db8:1::", 64, LA, 10, 5);
	assert_int_equal(a->valid_us, rig.now_us + UINT64_C(7200) * US_PER_S);
	assert_int_equal(a->preferred_us, rig.now_us + UINT64_C(5) * US_PER_S);
	passes_s(3600);
	uint64_t valid_us = a->valid_us;
	advertises_prefix("2001:db8:1::", 64, LA, 10, 0); /* less than is left: ignored */
	assert_int_equal(a->valid_us, valid_us);
	assert_true(a->deprecated);
	advertises_prefix("2001:db8:1::", 64, LA, 5000, 5000); /* more than is left */
	assert_int_equal(a->valid_us, rig.now_us + UINT64_C(5000) * US_PER_S);
	assert_false(a->deprecated);
	advertises_prefix("2001:db8:1::", 64, LA, UINT32_MAX, UINT32_MAX);
	assert_int_equal(a->valid_us, TIME_NEVER);
}

static void prefixes_that_cannot_be_are_not_believed(void **state)
{
	(void)state;
	uint8_t before = rig.eth.n_groups;
	advertises_prefix("2001:db8:1::", 63, AUTO, 7200, 3600);
	advertises_prefix("2001:db8:1::", 64, AUTO, 3600, 7200); /* preferred longer than valid */
	advertises_prefix("fe80::", 64, LA, 7200, 3600);
	advertises_prefix("ff02::", 64, LA, 7200, 3600);
	advertises_prefix("2001:db8:1::", 129, LA, 7200, 3600);
	assert_int_equal(rig.ndp.stats.not_believed, 5);
	advertises_prefix("2001:db8:1::", 64, AUTO, 0, 0);
	advertises_prefix("2001:db8:1::", 64, 0, 7200, 3600);
	assert_int_equal(rig.eth.n_groups, before);
}

static void addresses_are_bounded(void **state)
{
	(void)state;
	char prefix[INET_ADDR_CHARS] = "2001:db8:0::";
	for (char c = '0'; c <= '9'; c++) {
		prefix[9] = c;
		advertises_prefix(prefix, 64, AUTO, 7200, 3600);
	}
	assert_int_equal(rig.ndp.stats.full, 10 + 1 - NDP_ADDRS_MAX);
	passes_s(3);
	assert_true(rig.ndp.stats.conflicts == 0);
}

static void with_a_static_address_none_is_generated(void **state)
{
	(void)state;
	const struct ip_addr peer = ip6("2001:db8:1::7");
	advertises_prefix("2001:db8:1::", 64, LA, 7200, 3600);
	assert_int_equal(ndp_link_bits(&rig.ndp, &peer), 64); /* but that much is true */
	for (unsigned i = 2; i < NDP_ADDRS_MAX; i++)
		assert_int_equal(rig.ndp.addr[i].state, NDP_ADDR_FREE);
}

/* --- which one is sent from ------------------------------------------------------------------ */

static void assert_source(const char *dst, const char *prefix)
{
	const struct ip_addr to = ip6(dst), p = ip6(prefix);
	const struct ndp_addr *a = ndp_source(&rig.ndp, &to);
	assert_non_null(a);
	assert_true(ipv6_addr_common_bits(&a->addr, &p) >= 64);
}

static void the_source_suits_the_destination(void **state)
{
	(void)state;
	advertises_prefix("2001:db8:1::", 64, LA, 7200, 3600);
	advertises_prefix("2001:db8:2::", 64, LA, 7200, 3600);
	advertises_prefix("fd12::", 64, LA, 7200, 3600);
	assert_source("fe80::7", "fe80::");
	assert_source("ff02::fb", "fe80::");
	assert_source("2001:db8:1::7", "2001:db8:1::");
	assert_source("2001:db8:2::7", "2001:db8:2::");
	assert_source("fd99::7", "fd12::"); /* the label of unique local addresses */
	assert_source("2620::7", "2001:db8:1::");
	assert_source("ff0e::7", "2001:db8:1::");
	const struct ip_addr own = addr_in("fd12::")->addr;
	assert_true(ip_addr_equal(&ndp_source(&rig.ndp, &own)->addr, &own));
}

/* --- who is told ----------------------------------------------------------------------------- */

static unsigned told, joined, left;

static void changed(struct ndp_watcher *w, struct ndp *ndp, uint64_t now_us)
{
	(void)w;
	assert_ptr_equal(ndp, &rig.ndp);
	assert_int_equal(now_us, rig.now_us);
	told++;
}

static void group_changed(void *self, uint64_t now_us, const struct ip_addr *group, bool is_joined)
{
	assert_ptr_equal(self, &told);
	assert_int_equal(now_us, rig.now_us);
	assert_true(ipv6_addr_is_group(group));
	joined += is_joined;
	left += !is_joined;
}

static void watchers_hear_of_addresses_and_groups(void **state)
{
	(void)state;
	static struct ndp_watcher watcher;
	watcher = (struct ndp_watcher){.changed = changed};
	told = joined = left = 0;
	ndp_watch(&rig.ndp, &watcher);
	ndp_watch_groups(&rig.ndp, rig.now_us, group_changed, &told);
	assert_int_equal(joined, 1); /* the link-local one's */
	advertises_prefix("2001:db8:1::", 64, LA, 100, 50);
	assert_int_equal(told, 1);
	assert_int_equal(joined, 2);
	assert_int_equal(left, 0);
	const struct ip_addr group = ipv6_solicited_node(&addr_in("2001:db8:1::")->addr);
	assert_true(ndp_is_member(&rig.ndp, &group));
	passes_s(200);
	assert_int_equal(told, 2);
	assert_int_equal(left, 1);
	assert_false(ndp_is_member(&rig.ndp, &group));
}

const struct CMUnitTest addresses_tests[] = {
	TEST(looks_for_its_link_local_address_and_asks_routers_at_once),
	TEST(a_static_address_is_silent_until_nobody_has_it),
	TEST(with_a_static_router_nobody_is_asked),
	TEST(refuses_addresses_that_no_host_can_have),
	TEST(identifiers_are_stable_and_differ_by_prefix_secret_and_interface),
	TEST(without_a_secret_they_are_drawn_anew),
	TEST(generated_addresses_give_way_three_times),
	TEST(a_static_address_that_another_has_is_not_used),
	TEST(two_that_look_at_once_both_give_way),
	TEST(its_own_solicitation_come_back_is_no_conflict),
	TEST_STATIC(an_assigned_address_is_defended_now_and_then),
	TEST(addresses_are_deprecated_and_run_out),
	TEST(nobody_makes_an_address_run_out_within_two_hours),
	TEST(prefixes_that_cannot_be_are_not_believed),
	TEST(addresses_are_bounded),
	TEST_STATIC(with_a_static_address_none_is_generated),
	TEST(the_source_suits_the_destination),
	TEST(watchers_hear_of_addresses_and_groups),
};
const size_t n_addresses_tests = ARRAY_SIZE(addresses_tests);
