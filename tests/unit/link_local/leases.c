/* SPDX-License-Identifier: ISC */
/*
 * RFC 3927 section 2.11: DHCP goes on, and its lease wins.
 */
#include "net/dhcp/dhcp_format.h"
#include "tests/unit/link_local/bench.h"

static void a_lease_in_time_leaves_no_work(void **state)
{
	(void)state;
	passes(LINK_LOCAL_AFTER_US / 2);
	leases();
	forget();
	passes(100 * US_PER_S);
	assert_int_equal(n_probes(), 0);
	assert_int_equal(b.ll.stats.claims, 0);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
}

/* From 0.0.0.0 (RFC 2131 section 4.1), though there is an address of sorts. */
static void dhcp_goes_on_beside_the_address(void **state)
{
	(void)state;
	claims();
	forget();
	passes(200 * US_PER_S);
	assert_true(n_discovers() >= 2);
	for (unsigned i = 0; i < b.n; i++) {
		if (b.said[i].op != 0)
			continue;
		assert_int_equal(b.said[i].sender, 0);
		assert_int_equal(b.said[i].target, IPV4_BROADCAST);
	}
	assert_int_equal(b.dhcp.stats.unsent, 0);
}

static void a_lease_replaces_the_address(void **state)
{
	(void)state;
	claims();
	passes(10 * US_PER_S);
	server_says(DHCP_OFFER, RIG_ADDR); /* not yet ours: most servers send it there */
	assert_int_equal(b.rig.ipv4.addr, b.ll.addr);
	server_says(DHCP_ACK, RIG_ADDR);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
	assert_int_equal(b.ll.state, LINK_LOCAL_LEASED);
	assert_int_equal(b.dhcp.routes.n, 0);
	passes(100 * US_PER_S);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
}

static void an_expired_lease_brings_the_same_address_back(void **state)
{
	(void)state;
	claims();
	uint32_t ours = b.ll.addr;
	leases();
	passes((uint64_t)3601 * US_PER_S);
	assert_int_equal(b.dhcp.stats.expirations, 1);
	assert_int_equal(b.rig.ipv4.addr, 0);
	passes(20 * US_PER_S);
	assert_int_equal(b.rig.ipv4.addr, ours);
	assert_int_equal(b.ll.stats.claims, 2);
}

static void an_offer_comes_before_our_probes(void **state)
{
	(void)state;
	passes(LINK_LOCAL_AFTER_US + 2 * US_PER_S);
	assert_int_equal(b.ll.state, LINK_LOCAL_PROBING);
	server_says(DHCP_OFFER, IPV4_BROADCAST);
	assert_int_equal(b.rig.arp.probed, RIG_ADDR);
	passes(LINK_LOCAL_REQUEST_US - 1);
	assert_int_equal(b.rig.arp.probed, RIG_ADDR); /* DHCP's is not disturbed */
	server_says(DHCP_ACK, IPV4_BROADCAST);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
}

static void an_offer_that_comes_to_nothing_is_outlived(void **state)
{
	(void)state;
	passes(LINK_LOCAL_AFTER_US + 2 * US_PER_S);
	server_says(DHCP_OFFER, IPV4_BROADCAST);
	passes_until(LINK_LOCAL_BOUND);
	assert_int_equal(b.ll.stats.claims, 1);
}

/* The answer comes when we have begun with an address of our own: theirs is looked for anew. */
static void a_late_lease_is_probed_for_all_the_same(void **state)
{
	(void)state;
	passes(LINK_LOCAL_AFTER_US);
	server_says(DHCP_OFFER, IPV4_BROADCAST);
	while (b.rig.arp.probed != b.ll.addr)
		passes(US_PER_S / 10);
	server_says(DHCP_ACK, IPV4_BROADCAST);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
	assert_int_equal(b.rig.arp.probed, RIG_ADDR);
	arp_says(2, RIG_ADDR, 0);
	assert_int_equal(b.dhcp.stats.declines, 1);
	assert_int_equal(b.rig.ipv4.addr, 0);
}

/* --- servers that grant nothing -------------------------------------------------------------- */

enum {
	/* At the longest, when nothing comes between. */
	PROBING_MAX_US = LINK_LOCAL_PROBE_WAIT_US +
			 (LINK_LOCAL_PROBES - 1) * LINK_LOCAL_PROBE_MAX_US +
			 LINK_LOCAL_ANNOUNCE_WAIT_US,
	DECLINED_MAX_US = DHCP_DECLINED_US + US_PER_S,
};

/* Lets `us` pass, or less until there is an address; whoever asks for offers gets `answer`. */
static void passes_with(void (*answer)(void), uint64_t us)
{
	uint64_t until_us = b.rig.now_us + us;
	while (b.ll.state != LINK_LOCAL_BOUND && b.rig.now_us < until_us) {
		forget();
		if (b.dhcp.state == DHCP_SELECTING)
			answer();
		passes(MIN(b.rig.deadline_us, until_us) - b.rig.now_us);
	}
	assert_int_equal(b.ll.state, LINK_LOCAL_BOUND);
	assert_int_equal(b.rig.ipv4.addr, b.ll.addr);
}

static void offer(void)
{
	server_says(DHCP_OFFER, IPV4_BROADCAST);
}

static void offer_and_deny(void)
{
	offer();
	server_says(DHCP_NAK, IPV4_BROADCAST);
}

static void offer_what_is_taken(void)
{
	offer();
	arp_says(2, RIG_ADDR, 0);
	server_says(DHCP_ACK, IPV4_BROADCAST);
}

/* Whenever its first offer comes. */
static void a_server_that_never_confirms_keeps_nothing_away(void **state)
{
	for (uint64_t at_us = 0; at_us < 60 * US_PER_S; at_us += US_PER_S / 4) {
		const uint64_t most_us = MAX(at_us, (uint64_t)LINK_LOCAL_AFTER_US) +
					 LINK_LOCAL_REQUEST_US + PROBING_MAX_US;
		passes(at_us);
		if (b.ll.state != LINK_LOCAL_BOUND)
			passes_with(offer, most_us - at_us);
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

static void nor_does_one_that_denies(void **state)
{
	(void)state;
	passes_with(offer_and_deny, 4 * (LINK_LOCAL_AFTER_US + PROBING_MAX_US));
	assert_true(b.dhcp.stats.denials >= 2);
}

static void nor_does_one_that_offers_what_others_have(void **state)
{
	(void)state;
	passes_with(offer_what_is_taken, 2 * DECLINED_MAX_US);
	assert_true(b.dhcp.stats.declines >= 1);
}

/* The offered address is declined, ours stays. */
static void an_offer_that_is_in_use_changes_nothing(void **state)
{
	(void)state;
	claims();
	server_says(DHCP_OFFER, IPV4_BROADCAST);
	arp_says(2, RIG_ADDR, 0);
	server_says(DHCP_ACK, IPV4_BROADCAST);
	assert_int_equal(b.dhcp.stats.declines, 1);
	assert_int_equal(b.rig.ipv4.addr, b.ll.addr);
	assert_int_equal(b.ll.state, LINK_LOCAL_BOUND);
}

const struct CMUnitTest leases_tests[] = {
	TEST(a_lease_in_time_leaves_no_work),
	TEST(dhcp_goes_on_beside_the_address),
	TEST(a_lease_replaces_the_address),
	TEST(an_expired_lease_brings_the_same_address_back),
	TEST(an_offer_comes_before_our_probes),
	TEST(an_offer_that_comes_to_nothing_is_outlived),
	TEST(a_late_lease_is_probed_for_all_the_same),
	TEST(a_server_that_never_confirms_keeps_nothing_away),
	TEST(nor_does_one_that_denies),
	TEST(nor_does_one_that_offers_what_others_have),
	TEST(an_offer_that_is_in_use_changes_nothing),
};
const size_t n_leases_tests = ARRAY_SIZE(leases_tests);
