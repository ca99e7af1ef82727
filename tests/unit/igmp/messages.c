/* SPDX-License-Identifier: ISC */
/* What is no message that a host should believe. */
#include <string.h>

#include "base/bytes.h"
#include "net/igmp/igmp_msg.h"
#include "tests/unit/igmp/bench.h"

static void expect_no_answer(void)
{
	assert_int_equal(bench.igmp.reporter.stats.queries, 0);
	assert_int_equal(bench_run(bench.rig.now_us + 100ull * SECOND), 0);
}

static void joined(void)
{
	assert_int_equal(bench_join(GROUP), OK);
	(void)bench_run(20ull * SECOND);
}

static void malformed_queries_are_dropped(void **state)
{
	(void)state;
	uint8_t m[12 + 4] = {0x11, 10};
	joined();
	for (size_t len = 4; len < 8; len++)
		bench_arrive(&(struct bench_packet){0}, m, len);
	for (size_t len = 9; len < 12; len++)
		bench_arrive(&(struct bench_packet){0}, m, len);
	assert_int_equal(bench.igmp.reporter.stats.bad, 7);
	store_be16(m + 10, 2); /* two sources, room for one */
	bench_arrive(&(struct bench_packet){0}, m, sizeof(m));
	store_be16(m + 10, 0xffff);
	bench_arrive(&(struct bench_packet){0}, m, sizeof(m));
	store_be16(m + 10, 0);
	bench_arrive(&(struct bench_packet){.bad_checksum = true}, m, 12);
	store_be32(m + 4, RIG_PEER); /* no group */
	bench_arrive(&(struct bench_packet){0}, m, 12);
	assert_int_equal(bench.igmp.reporter.stats.bad, 11);
	expect_no_answer();
}

static void queries_from_elsewhere_are_not_believed(void **state)
{
	(void)state;
	uint8_t m[12] = {0x11, 10};
	joined();
	bench_arrive(&(struct bench_packet){.ttl = 2}, m, 12);
	bench_arrive(&(struct bench_packet){.without_alert = true}, m, 12);
	bench_arrive(&(struct bench_packet){.without_alert = true}, m, 8);
	assert_int_equal(bench.igmp.reporter.stats.foreign, 3);
	bench_arrive(&(struct bench_packet){.dst = GROUP}, m, 12); /* a general one */
	assert_int_equal(bench.igmp.reporter.stats.bad, 1);
	expect_no_answer();
}

static void a_switch_without_an_address_may_ask(void **state)
{
	(void)state;
	uint8_t m[12] = {0x11, 10};
	joined();
	bench_arrive(&(struct bench_packet){.src = UINT32_MAX}, m, 12);
	struct sent s = bench_next(21ull * SECOND);
	bench_is_record(&s, 2, GROUP);
}

static void other_messages_are_ignored(void **state)
{
	(void)state;
	uint8_t m[8] = {0x17};
	joined();
	bench_arrive(&(struct bench_packet){0}, m, 8);
	m[0] = 0x22;
	bench_arrive(&(struct bench_packet){0}, m, 8);
	assert_int_equal(bench.igmp.reporter.stats.ignored, 2);
	m[0] = 0x16; /* a report about another group than it was sent to */
	store_be32(m + 4, ANOTHER);
	bench_arrive(&(struct bench_packet){.dst = GROUP}, m, 8);
	assert_int_equal(bench.igmp.reporter.stats.bad, 1);
	expect_no_answer();
}

static void long_delays_have_an_exponent(void **state)
{
	(void)state;
	struct group_query q;
	uint8_t m[12] = {0x11};
	static const struct {
		uint8_t code;
		uint32_t tenths;
	} codes[] = {{0, 0}, {127, 127}, {128, 128}, {0x8f, 248}, {0xff, 31744}};
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		m[1] = m[9] = codes[i].code;
		assert_true(group_query_parse(&igmp_family, &q, m, 12));
		assert_int_equal(q.max_delay_us, codes[i].tenths * UINT64_C(100000));
		assert_int_equal(q.query_interval_s, codes[i].tenths);
	}
	assert_true(group_query_parse(&igmp_family, &q, m, 8)); /* version 2 has none */
	assert_int_equal(q.max_delay_us, 25500000);
}

int bench_run_messages(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(malformed_queries_are_dropped),
		TEST(queries_from_elsewhere_are_not_believed),
		TEST(a_switch_without_an_address_may_ask),
		TEST(other_messages_are_ignored),
		TEST(long_delays_have_an_exponent),
	};
	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
