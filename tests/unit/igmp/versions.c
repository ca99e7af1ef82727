/* SPDX-License-Identifier: ISC */
/* Queriers of versions 1 and 2 (RFC 3376 section 7, RFC 2236, RFC 1112). */
#include "base/bytes.h"
#include "tests/unit/igmp/bench.h"

enum { OLD_PRESENT_S = 2 * 125 + 10 };

static void old_report(uint32_t group)
{
	uint8_t m[8] = {0x16};
	store_be32(m + 4, group);
	bench_arrive(&(struct bench_packet){.dst = group}, m, sizeof(m));
}

static void to_version_2_it_speaks_that(void **state)
{
	(void)state;
	struct sent s;
	bench_query(2, 0, 100);
	assert_int_equal(bench_join(GROUP), OK);
	assert_true(bench_sent(&s));
	assert_int_equal(s.type, 0x16);
	assert_int_equal(s.group, GROUP);
	assert_int_equal(s.dst, GROUP);
	s = bench_next(20ull * SECOND);
	assert_int_equal(s.type, 0x16);
	bench_leave(GROUP);
	assert_true(bench_sent(&s));
	assert_int_equal(s.type, 0x17);
	assert_int_equal(s.group, GROUP);
	assert_int_equal(s.dst, IPV4_ALL_ROUTERS);
	assert_int_equal(bench_run(200ull * SECOND), 0);
}

static void to_version_1_it_speaks_that(void **state)
{
	(void)state;
	struct sent s;
	bench_query(1, 0, 0);
	assert_int_equal(bench_join(GROUP), OK);
	assert_true(bench_sent(&s));
	assert_int_equal(s.type, 0x12);
	assert_int_equal(s.dst, GROUP);
	assert_int_equal(bench_run(30ull * SECOND), 1);
	bench_leave(GROUP);
	assert_int_equal(bench_run(200ull * SECOND), 0);
}

static void old_queries_are_answered_group_by_group(void **state)
{
	(void)state;
	unsigned of_group = 0;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(ANOTHER), OK);
	(void)bench_run(20ull * SECOND);
	bench_query(2, 0, 50);
	for (unsigned i = 0; i < 2; i++) {
		struct sent s = bench_next(25ull * SECOND);
		assert_int_equal(s.type, 0x16);
		assert_int_equal(s.dst, s.group);
		of_group += s.group == GROUP;
	}
	assert_int_equal(of_group, 1);
	bench_query(2, ANOTHER, 10);
	struct sent s = bench_next(26ull * SECOND);
	assert_int_equal(s.group, ANOTHER);
	bench_query(1, 0, 0);
	assert_int_equal(bench_run(36ull * SECOND), 2);
}

static void anothers_report_spares_ours(void **state)
{
	(void)state;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(ANOTHER), OK);
	(void)bench_run(20ull * SECOND);
	old_report(GROUP); /* in version 3 that spares nothing */
	bench_query(2, 0, 100);
	old_report(GROUP);
	struct sent s = bench_next(30ull * SECOND);
	assert_int_equal(s.group, ANOTHER);
	assert_int_equal(bench_run(200ull * SECOND), 0);
	assert_int_equal(bench.igmp.reporter.stats.heard, 2);
}

static void version_3_returns_when_the_old_querier_is_silent(void **state)
{
	(void)state;
	struct sent s;
	uint64_t gone_us = bench.rig.now_us + (uint64_t)OLD_PRESENT_S * SECOND;
	bench_query(2, 0, 100);
	(void)bench_run(gone_us - 1);
	assert_int_equal(bench_join(GROUP), OK);
	assert_true(bench_sent(&s));
	assert_int_equal(s.type, 0x16);
	bench.rig.now_us = gone_us;
	assert_int_equal(bench_run(gone_us + 100ull * SECOND), 0); /* what was pending is not */
	assert_int_equal(bench_join(ANOTHER), OK);
	assert_true(bench_sent(&s));
	bench_is_record(&s, 4, ANOTHER);
}

static void a_query_of_version_3_does_not_end_it(void **state)
{
	(void)state;
	assert_int_equal(bench_join(GROUP), OK);
	(void)bench_run(20ull * SECOND);
	bench_query(1, 0, 0);
	bench_query(2, 0, 100);
	bench_query(3, 0, 100);
	struct sent s = bench_next(30ull * SECOND);
	assert_int_equal(s.type, 0x12); /* the oldest wins */
}

static void a_change_of_version_cancels_what_is_pending(void **state)
{
	(void)state;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(ANOTHER), OK);
	bench_leave(ANOTHER);
	struct sent s;
	while (bench_sent(&s))
		;
	bench_query(2, 0, 100);
	s = bench_next(bench.rig.now_us + 10ull * SECOND);
	assert_int_equal(s.type, 0x16);
	assert_int_equal(s.group, GROUP);
	assert_int_equal(bench_run(100ull * SECOND), 0);
}

int bench_run_versions(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(to_version_2_it_speaks_that),
		TEST(to_version_1_it_speaks_that),
		TEST(old_queries_are_answered_group_by_group),
		TEST(anothers_report_spares_ours),
		TEST(version_3_returns_when_the_old_querier_is_silent),
		TEST(a_query_of_version_3_does_not_end_it),
		TEST(a_change_of_version_cancels_what_is_pending),
	};
	return cmocka_run_group_tests_name("versions", tests, NULL, NULL);
}
