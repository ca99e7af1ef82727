/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/ipv4_fragments/bench.h"

struct cut {
	uint32_t at, len;
};

static void any_overlap_drops_the_datagram(void **state)
{
	static const struct cut bad[] = {
		{0, 88},   {0, 72},   {8, 80},  {72, 8},   {72, 16},  {152, 16},
		{152, 56}, {192, 16}, {80, 88}, {152, 48}, {160, 32}, {168, 40},
		{160, 48}, {168, 24}, {8, 8},   {0, 160},  {0, 8},    {192, 8},
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		(void)teardown(state);
		(void)setup(state);
		fragment(0, 80, MORE);
		fragment(160, 40, MORE);
		fragment(bad[i].at, bad[i].len, MORE);
		expect_given_up(&stats()->overlaps);
	}
}

static void the_last_one_may_not_overlap_either(void **state)
{
	(void)state;
	fragment(0, 80, MORE);
	fragment(72, 100, 0);
	expect_given_up(&stats()->overlaps);
}

static void same_range_again_is_ignored(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		fragment(80, 80, MORE);
	for (unsigned i = 0; i < 3; i++)
		fragment(160, 5, 0);
	memset(payload + 80, 0, 80); /* the first one counts */
	fragment(80, 80, MORE);
	for (size_t i = 80; i < 160; i++)
		payload[i] = (uint8_t)(i * 37);
	fragment(0, 80, MORE);
	expect_whole(165);
	assert_int_equal(stats()->duplicates, 5);
}

static void two_ends_contradict_each_other(void **state)
{
	static const struct {
		uint32_t at, len;
		uint16_t more;
	} first[] = {{160, 8, 0}, {160, 8, 0},    {160, 8, 0},    {160, 8, 0},
		     {160, 8, 0}, {160, 8, MORE}, {160, 8, MORE}, {160, 8, 0}},
	  second[] = {{160, 16, 0}, {168, 8, 0}, {168, 8, MORE}, {160, 8, MORE},
		      {80, 8, 0},   {80, 8, 0},  {160, 8, 0},    {152, 16, MORE}};
	for (size_t i = 0; i < ARRAY_SIZE(first); i++) {
		(void)teardown(state);
		(void)setup(state);
		fragment(first[i].at, first[i].len, first[i].more);
		fragment(second[i].at, second[i].len, second[i].more);
		expect_given_up(&stats()->inconsistent);
	}
}

static void first_fragment_must_hold_the_transports_header(void **state)
{
	(void)state;
	from.proto = IP_PROTO_TCP;
	fragment(24, 8, 0);
	fragment(0, 16, MORE);
	expect_given_up(&stats()->tiny);
	from.id++;
	fragment(0, 24, MORE);
	fragment(24, 8, 0);
	expect_whole(32);
	from.proto = PROTO;
	from.id++;
	rig.fake.rx_first_max = FRAME_L4 + 4; /* a device that tears it apart */
	rig.fake.rx_chunk_max = 100;
	fragment(0, 16, MORE);
	assert_int_equal(stats()->tiny, 2);
}

static void impossible_fragments_are_dropped(void **state)
{
	(void)state;
	fragment(0, 0, MORE);
	fragment(80, 0, 0);
	fragment(0, 9, MORE);
	fragment(80, 15, MORE);
	fragment(65512, 4, 0);    /* with the header 65,536 */
	fragment(65528, 8, MORE); /* "ping of death" */
	fragment(65528, 1480, 0);
	assert_int_equal(stats()->bad, 7);
	assert_int_equal(reassembly_poll(table, rig.now_us), TIME_NEVER); /* nothing waits */
	fragment(0, 80, MORE);
	fragment(65512, 4, 0);
	assert_int_equal(stats()->bad, 8);
	fragment(80, 8, 0);
	assert_int_equal(inputs, 0); /* it was given up */
}

static void options_of_the_first_count_for_the_length(void **state)
{
	(void)state;
	uint32_t at = MTU_PAYLOAD;
	for (; at + MTU_PAYLOAD < PAYLOAD_MAX; at += MTU_PAYLOAD)
		fragment(at, MTU_PAYLOAD, MORE);
	fragment(at, PAYLOAD_MAX - at, 0);
	from.option_bytes = 4;
	fragment(0, MTU_PAYLOAD, MORE);
	assert_int_equal(inputs, 0);
	assert_int_equal(stats()->bad, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void congestion_is_not_lost(void **state)
{
	static const struct {
		uint8_t first, second, whole;
	} good[] = {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {2, 3, 3}, {3, 2, 3}, {3, 3, 3}, {1, 2, 1}};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		from.tos = good[i].first;
		fragment(0, 80, MORE);
		from.tos = good[i].second;
		fragment(80, 8, 0);
		expect_whole(88);
		assert_int_equal(last.tos, good[i].whole);
	}
	from.tos = 3;
	fragment(0, 80, MORE);
	from.tos = 0;
	fragment(80, 8, 0);
	assert_int_equal(inputs, 0);
	assert_int_equal(stats()->inconsistent, 1);
}

int test_attacks(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_overlap_drops_the_datagram),
		TEST(the_last_one_may_not_overlap_either),
		TEST(same_range_again_is_ignored),
		TEST(two_ends_contradict_each_other),
		TEST(first_fragment_must_hold_the_transports_header),
		TEST(impossible_fragments_are_dropped),
		TEST(options_of_the_first_count_for_the_length),
		TEST(congestion_is_not_lost),
	};
	return cmocka_run_group_tests_name("fragments: attacks", tests, NULL, NULL);
}
