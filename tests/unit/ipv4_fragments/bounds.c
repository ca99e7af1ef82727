/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "tests/unit/ipv4_fragments/bench.h"

/* --- bounds ---------------------------------------------------------------------------------- */

static void one_peer_cannot_take_the_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		from.src = RIG_PEER;
		from.id = (uint16_t)i;
		fragment(0, 80, MORE);
		if (i % 10 == 5) { /* another one begins … */
			from.src = OTHER;
			fragment(0, 80, MORE);
		} else if (i % 10 == 9) { /* … and is served */
			from.src = OTHER;
			from.id = (uint16_t)(i - 4);
			fragment(80, 8, 0);
			expect_whole(88);
			assert_int_equal(last_source, OTHER);
		}
	}
	assert_int_equal(stats()->evicted, 100 - DATAGRAMS / 2);
	assert_int_equal(rig.rx.pool.used, DATAGRAMS / 2);
	for (unsigned i = 96; i < 100; i++) { /* its latest are still there */
		from.src = RIG_PEER;
		from.id = (uint16_t)i;
		fragment(80, 8, 0);
		expect_whole(88);
	}
}

static void one_peer_cannot_take_all_packets(void **state)
{
	(void)state;
	from.src = OTHER;
	fragment(0, 1480, MORE);
	from.src = RIG_PEER;
	for (uint16_t i = 0; i < 200; i++) {
		from.id = (uint16_t)(100 + i / 20);
		fragment(8 + (uint32_t)(i % 20) * 16, 8, MORE); /* with holes */
	}
	assert_true(rig.rx.pool.used <= 1 + PACKETS * 3 / 4);
	assert_true(stats()->evicted > 0);
	from.src = OTHER;
	from.id = 1;
	fragment(1480, 8, 0);
	expect_whole(1488);
}

static void one_datagram_cannot_hold_more_than_one_peer_may(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PACKETS * 3 / 4; i++)
		fragment(8 + i * 16, 8, MORE);
	assert_int_equal(rig.rx.pool.used, PACKETS * 3 / 4);
	fragment(8 + 1000 * 16, 8, MORE);
	expect_given_up(&stats()->no_room);
}

static void the_oldest_makes_room(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DATAGRAMS + 2; i++) {
		from.src = RIG_PEER + 100 + i;
		fragment(0, 80, MORE);
	}
	assert_int_equal(stats()->evicted, 2);
	assert_int_equal(rig.rx.pool.used, DATAGRAMS);
	for (uint32_t i = 2; i < DATAGRAMS + 2; i++) {
		from.src = RIG_PEER + 100 + i;
		fragment(80, 8, 0);
		expect_whole(88);
	}
}

static void all_peers_together_hold_no_more_than_configured(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 40; n++) {
		from.src = RIG_PEER + 1 + n % 5;
		for (uint32_t i = 0; i < 30; i++) {
			fragment(8 + i * 16, 8, MORE);
			assert_true(rig.rx.pool.used <= PACKETS);
		}
		from.id++;
	}
	assert_true(stats()->evicted > 0);
}

static void half_of_the_free_packets_are_left_to_others(void **state)
{
	(void)state;
	struct pkt *others[RIG_PACKETS];
	unsigned n = 0;
	while (pool_available(&rig.rx.pool) > 20)
		others[n++] = pkt_alloc(&rig.rx, 0);
	for (uint32_t i = 0; i < 30; i++) {
		from.src = RIG_PEER + 1 + i % 3;
		fragment(8 + i * 16, 8, MORE);
		assert_true(pool_available(&rig.rx.pool) >= 9);
	}
	while (n > 0)
		pkt_put(others[--n]);
	from.src = RIG_PEER;
	send_datagram(2000);
	expect_whole(2000);
}

static void a_table_for_one(void **state)
{
	(void)teardown(state);
	setup_with(&(const struct reassembly_config){.datagrams = 1, .packets = 4});
	fragment(0, 80, MORE);
	from.src = OTHER;
	fragment(0, 80, MORE);
	fragment(80, 8, 0);
	expect_whole(88);
	assert_int_equal(stats()->evicted, 1);
}

/* --- time ------------------------------------------------------------------------------------ */

static void after_thirty_seconds_it_is_given_up(void **state)
{
	(void)state;
	uint64_t start_us = rig.now_us;
	fragment(80, 8, 0);
	assert_int_equal(rig.deadline_us, start_us + IPV4_REASSEMBLY_US);
	net_rig_poll_at(&rig, start_us + IPV4_REASSEMBLY_US - 1);
	assert_int_equal(rig.rx.pool.used, 1);
	net_rig_poll_at(&rig, start_us + IPV4_REASSEMBLY_US);
	assert_int_equal(rig.rx.pool.used, 0);
	assert_int_equal(stats()->timeouts, 1);
	assert_int_equal(rig.icmp.stats.errors_out, 0); /* without the first, nobody is told */
	fragment(0, 80, MORE);
	assert_int_equal(inputs, 0);
}

/* Of ARP, which may ask for the neighbour again meanwhile, nothing is looked at. */
static size_t sent_ipv4(void)
{
	size_t len;
	do
		len = net_rig_sent(&rig);
	while (len > 0 && load_be16(rig.frame + 12) != ETH_TYPE_IPV4);
	return len;
}

static void the_sender_is_told(void **state)
{
	(void)state;
	const uint8_t *icmp = rig.frame + FRAME_L4, *quote = icmp + 8;
	fragment(0, 80, MORE);
	fragment(160, 8, 0);
	net_rig_poll_at(&rig, rig.now_us + IPV4_REASSEMBLY_US);
	size_t len = sent_ipv4();
	assert_int_equal(len, FRAME_L4 + 8 + 20 + 80);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 16), RIG_PEER);
	assert_int_equal(icmp[0], 11);
	assert_int_equal(icmp[1], 1);
	assert_int_equal(csum_fold(csum_add(0, icmp, len - FRAME_L4)), 0);
	assert_int_equal(load_be16(quote + 4), from.id);
	assert_int_equal(load_be16(quote + 6), MORE);
	assert_memory_equal(quote + 20, payload, 80);
}

static void what_was_given_up_ends_silently(void **state)
{
	(void)state;
	fragment(0, 80, MORE);
	fragment(8, 80, MORE);
	net_rig_poll_at(&rig, rig.now_us + IPV4_REASSEMBLY_US);
	assert_int_equal(stats()->timeouts, 0);
	assert_int_equal(rig.icmp.stats.errors_out, 0);
	fragment(0, 80, MORE); /* the identification is free again */
	fragment(80, 8, 0);
	expect_whole(88);
}

static void errors_are_limited(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 10; round++) {
		for (uint32_t i = 0; i < DATAGRAMS; i++) {
			from.src = RIG_PEER + 100 + i;
			fragment(0, 80, MORE);
		}
		rig.icmp.answers->refilled_us = rig.now_us +
						IPV4_REASSEMBLY_US; /* as if all at once */
		net_rig_poll_at(&rig, rig.now_us + IPV4_REASSEMBLY_US);
	}
	assert_int_equal(stats()->timeouts, 10 * DATAGRAMS);
	assert_int_equal(rig.icmp.stats.errors_out + rig.icmp.stats.error_failed, ICMP_BURST);
	assert_int_equal(rig.icmp.stats.limited, 10 * DATAGRAMS - ICMP_BURST);
}

static void each_has_its_own_thirty_seconds(void **state)
{
	(void)state;
	uint64_t start_us = rig.now_us;
	for (unsigned i = 0; i < 4; i++) {
		from.id++;
		net_rig_poll_at(&rig, start_us + i * US_PER_S);
		fragment(80, 8, 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		net_rig_poll_at(&rig, start_us + IPV4_REASSEMBLY_US + i * US_PER_S);
		assert_int_equal(stats()->timeouts, i + 1);
		assert_int_equal(rig.rx.pool.used, 3 - i);
	}
}

/* A fragment more is no more time: else a trickle would hold the entry for ever. */
static void later_fragments_do_not_prolong_it(void **state)
{
	(void)state;
	uint64_t start_us = rig.now_us;
	for (uint32_t i = 0; i < 29; i++) {
		net_rig_poll_at(&rig, start_us + i * US_PER_S);
		fragment(80 + i * 16, 8, MORE);
	}
	net_rig_poll_at(&rig, start_us + IPV4_REASSEMBLY_US);
	assert_int_equal(stats()->timeouts, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void at_the_end_of_time(void **state)
{
	(void)state;
	uint64_t start_us = TIME_NEVER - US_PER_S;
	rig.now_us = start_us;
	(void)netif_fake_inject(&rig.fake, rig.frame, 0);
	fragment(80, 8, 0);
	assert_int_equal(reassembly_poll(table, start_us), TIME_NEVER); /* not in the past */
	assert_int_equal(reassembly_poll(table, 28 * US_PER_S), TIME_NEVER);
	assert_int_equal(stats()->timeouts, 0);
	assert_int_equal(reassembly_poll(table, 29 * US_PER_S), TIME_NEVER); /* 30 s, wrapped */
	assert_int_equal(stats()->timeouts, 1);
}

static void another_address_gets_nothing_of_the_old_one(void **state)
{
	(void)state;
	const struct ipv4_prefix same = {.addr = RIG_ADDR, .bits = 24};
	const struct ipv4_prefix other = {.addr = RIG_ADDR + 1, .bits = 24};
	fragment(0, 80, MORE);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, same, RIG_GATEWAY), OK);
	assert_int_not_equal(reassembly_poll(table, rig.now_us), TIME_NEVER);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, other, RIG_GATEWAY), OK);
	assert_int_equal(reassembly_poll(table, rig.now_us), TIME_NEVER); /* nothing waits */
	assert_int_equal(rig.rx.pool.used, 0);
}

int test_bounds(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_peer_cannot_take_the_table),
		TEST(one_peer_cannot_take_all_packets),
		TEST(one_datagram_cannot_hold_more_than_one_peer_may),
		TEST(the_oldest_makes_room),
		TEST(all_peers_together_hold_no_more_than_configured),
		TEST(half_of_the_free_packets_are_left_to_others),
		TEST(a_table_for_one),
		TEST(after_thirty_seconds_it_is_given_up),
		TEST(the_sender_is_told),
		TEST(what_was_given_up_ends_silently),
		TEST(errors_are_limited),
		TEST(each_has_its_own_thirty_seconds),
		TEST(later_fragments_do_not_prolong_it),
		TEST(at_the_end_of_time),
		TEST(another_address_gets_nothing_of_the_old_one),
	};
	return cmocka_run_group_tests_name("fragments: bounds and time", tests, NULL, NULL);
}
