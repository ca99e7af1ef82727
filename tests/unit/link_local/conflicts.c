/* SPDX-License-Identifier: ISC */
/*
 * RFC 3927 sections 2.2.1 and 2.5: another station has the address, wants it, or insists on it.
 */
#include "tests/unit/link_local/bench.h"

enum { REQUEST = 1, REPLY = 2 };

/* Until `n` probes for the present address are out. */
static void probes(unsigned n)
{
	uint64_t until_us = b.rig.now_us + 2 * LINK_LOCAL_RATE_LIMIT_US;
	while (b.ll.state != LINK_LOCAL_PROBING || b.ll.probes < n) {
		assert_true(b.rig.deadline_us <= until_us);
		passes(b.rig.deadline_us - b.rig.now_us);
	}
}

static void an_address_in_use_is_not_taken(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= LINK_LOCAL_PROBES; n++) {
		uint32_t wanted = b.ll.addr;
		probes(n);
		arp_says(n & 1 ? REPLY : REQUEST, wanted, NEIGHBOUR);
		assert_int_not_equal(b.ll.addr, wanted);
		assert_int_equal(b.ll.stats.refusals, n);
		assert_int_equal(b.rig.ipv4.addr, 0);
	}
	claims();
}

/* Two that begin together: who hears the other's probe goes elsewhere. */
static void another_ones_probe_is_a_conflict(void **state)
{
	(void)state;
	uint32_t wanted = b.ll.addr;
	probes(1);
	arp_says(REQUEST, 0, wanted + 1);
	assert_int_equal(b.ll.addr, wanted);
	arp_says(REQUEST, 0, wanted);
	assert_int_not_equal(b.ll.addr, wanted);
	assert_int_equal(b.ll.stats.refusals, 1);
}

static void after_ten_conflicts_one_address_a_minute(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LINK_LOCAL_CONFLICTS_MAX; i++) {
		uint64_t before_us = b.rig.now_us;
		probes(1);
		assert_true(b.rig.now_us - before_us <=
			    LINK_LOCAL_PROBE_WAIT_US + (i == 0 ? LINK_LOCAL_AFTER_US : 0));
		arp_says(REPLY, b.ll.addr, 0);
	}
	probes(1);
	for (unsigned i = 0; i < 3; i++) {
		arp_says(REPLY, b.ll.addr, 0);
		uint64_t before_us = b.rig.now_us;
		probes(1);
		assert_true(b.rig.now_us - before_us >= LINK_LOCAL_RATE_LIMIT_US);
	}
	claims();
}

static void it_is_defended_once(void **state)
{
	(void)state;
	claims();
	passes(5 * US_PER_S);
	forget();
	uint32_t ours = b.ll.addr;
	arp_says(REPLY, ours, NEIGHBOUR);
	assert_int_equal(n_announcements(), 1);
	assert_int_equal(b.ll.state, LINK_LOCAL_BOUND);
	assert_int_equal(b.rig.ipv4.addr, ours);
}

static void a_second_conflict_within_ten_seconds_ends_it(void **state)
{
	(void)state;
	claims();
	uint32_t ours = b.ll.addr;
	arp_says(REQUEST, ours, ours);
	passes(ARP_DEFEND_US - 1);
	assert_int_equal(b.rig.ipv4.addr, ours);
	arp_says(REQUEST, ours, ours);
	assert_int_equal(b.rig.ipv4.addr, 0);
	assert_int_equal(b.ll.stats.losses, 1);
	assert_int_not_equal(b.ll.addr, ours);
	claims();
	assert_int_equal(b.ll.stats.claims, 2);
	arp_says(REQUEST, b.ll.addr, b.ll.addr); /* the new one is defended anew */
	assert_int_equal(b.ll.state, LINK_LOCAL_BOUND);
}

static void later_it_is_defended_again(void **state)
{
	(void)state;
	claims();
	for (unsigned i = 0; i < 4; i++) {
		passes(ARP_DEFEND_US);
		forget();
		arp_says(REPLY, b.ll.addr, NEIGHBOUR);
		assert_int_equal(n_announcements(), 1);
		assert_int_equal(b.ll.state, LINK_LOCAL_BOUND);
	}
}

/* Somebody who fights for each address makes no storm; a quiet minute makes it up. */
static void who_takes_each_address_away_is_slowed_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= LINK_LOCAL_CONFLICTS_MAX; i++) {
		claims();
		arp_says(REPLY, b.ll.addr, NEIGHBOUR);
		arp_says(REPLY, b.ll.addr, NEIGHBOUR);
	}
	assert_int_equal(b.ll.state, LINK_LOCAL_WAITING);
	uint64_t before_us = b.rig.now_us;
	claims();
	assert_true(b.rig.now_us - before_us >= LINK_LOCAL_RATE_LIMIT_US);
	passes(LINK_LOCAL_RATE_LIMIT_US);
	arp_says(REPLY, b.ll.addr, NEIGHBOUR);
	arp_says(REPLY, b.ll.addr, NEIGHBOUR);
	assert_int_equal(b.ll.state, LINK_LOCAL_PROBING);
}

const struct CMUnitTest conflicts_tests[] = {
	TEST(an_address_in_use_is_not_taken),
	TEST(another_ones_probe_is_a_conflict),
	TEST(after_ten_conflicts_one_address_a_minute),
	TEST(it_is_defended_once),
	TEST(a_second_conflict_within_ten_seconds_ends_it),
	TEST(later_it_is_defended_again),
	TEST(who_takes_each_address_away_is_slowed_down),
};
const size_t n_conflicts_tests = ARRAY_SIZE(conflicts_tests);
