/* SPDX-License-Identifier: ISC */
/* Reports of changes and answers to queries, version 3. */
#include <string.h>

#include "base/bytes.h"
#include "tests/unit/igmp/bench.h"

static void a_join_is_reported_at_once_and_once_more(void **state)
{
	(void)state;
	struct sent s;
	uint64_t start_us = bench.rig.now_us;
	assert_int_equal(bench_join(GROUP), OK);
	assert_true(bench_sent(&s));
	bench_is_record(&s, 4, GROUP);
	assert_int_equal(s.src, RIG_ADDR);
	assert_true(bench.rig.wakes > 0); /* so that the repetition is seen to */
	s = bench_next(start_us + SECOND);
	bench_is_record(&s, 4, GROUP);
	assert_true(bench.rig.now_us > start_us);
	assert_int_equal(bench_run(start_us + 1000ull * SECOND), 0);
	assert_int_equal(bench_join(GROUP), OK); /* one more user: nothing new */
	assert_int_equal(bench_run(start_us + 2000ull * SECOND), 0);
}

static void a_leave_is_reported_with_the_last_user(void **state)
{
	(void)state;
	struct sent s;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_run(20ull * SECOND), 2);
	bench_leave(GROUP);
	assert_int_equal(bench_run(30ull * SECOND), 0);
	bench_leave(GROUP);
	assert_true(bench_sent(&s));
	bench_is_record(&s, 3, GROUP);
	s = bench_next(31ull * SECOND);
	bench_is_record(&s, 3, GROUP);
	assert_int_equal(bench_run(1000ull * SECOND), 0);
	assert_int_equal(bench.igmp.reporter.n, 0);
}

static void the_latest_change_is_what_is_repeated(void **state)
{
	(void)state;
	struct sent s;
	assert_int_equal(bench_join(GROUP), OK);
	bench_leave(GROUP);
	assert_true(bench_sent(&s));
	assert_true(bench_sent(&s));
	bench_is_record(&s, 3, GROUP);
	s = bench_next(20ull * SECOND);
	bench_is_record(&s, 3, GROUP);
	assert_int_equal(bench_run(1000ull * SECOND), 0);
}

static void a_general_query_is_answered_for_all_in_time(void **state)
{
	(void)state;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(ANOTHER), OK);
	(void)bench_run(20ull * SECOND);
	bench_query(3, 0, 100);
	assert_int_equal(bench_run(20ull * SECOND), 0); /* not at once */
	struct sent s = bench_next(30ull * SECOND);
	assert_int_equal(s.n, 2);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(s.record[i].type, 2);
	assert_int_equal(s.record[0].group + s.record[1].group, GROUP + ANOTHER);
	assert_int_equal(bench_run(1000ull * SECOND), 0);
	assert_int_equal(bench.igmp.reporter.stats.queries, 1);
}

static void a_query_for_a_group_is_answered_for_it(void **state)
{
	(void)state;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_join(ANOTHER), OK);
	(void)bench_run(20ull * SECOND);
	bench_query(3, GROUP, 10);
	struct sent s = bench_next(21ull * SECOND);
	bench_is_record(&s, 2, GROUP);
	bench_query(3, GROUP + 1, 10); /* of the same frame filter or not: none of ours */
	assert_int_equal(bench_run(1000ull * SECOND), 0);
}

static void a_query_with_sources_is_answered_too(void **state)
{
	(void)state;
	uint8_t m[12 + 8] = {0x11, 10};
	assert_int_equal(bench_join(GROUP), OK);
	(void)bench_run(20ull * SECOND);
	store_be32(m + 4, GROUP);
	store_be16(m + 10, 2);
	store_be32(m + 12, RIG_FAR);
	store_be32(m + 16, RIG_PEER);
	bench_arrive(&(struct bench_packet){.dst = GROUP}, m, sizeof(m));
	struct sent s = bench_next(21ull * SECOND);
	bench_is_record(&s, 2, GROUP);
}

static void a_host_of_no_group_keeps_silent(void **state)
{
	(void)state;
	bench_query(3, 0, 100);
	assert_int_equal(bench_run(1000ull * SECOND), 0);
	assert_int_equal(bench_join(IPV4_ALL_HOSTS), OK); /* never reported: section 6 */
	bench_query(3, 0, 100);
	assert_int_equal(bench_run(2000ull * SECOND), 0);
}

static void many_queries_get_few_answers(void **state)
{
	(void)state;
	unsigned answers = 0;
	assert_int_equal(bench_join(GROUP), OK);
	(void)bench_run(20ull * SECOND);
	for (unsigned i = 0; i < 10000; i++) {
		bench_query(3, i % 2 == 0 ? 0 : GROUP, 0); /* at once, says the querier */
		answers += bench_run(20ull * SECOND + i * 100);
	}
	assert_in_range(answers, 2, 6); /* in a second */
}

static void robustness_is_the_queriers(void **state)
{
	(void)state;
	uint8_t m[12] = {0x11, 1};
	m[8] = 0x08 | 4; /* the flag above it is for routers */
	m[9] = 125;
	bench_arrive(&(struct bench_packet){0}, m, sizeof(m));
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench_run(1000ull * SECOND), 4);
}

static void without_an_address_it_reports_from_none(void **state)
{
	(void)state;
	struct sent s;
	assert_int_equal(
		ipv4_set_address(&bench.rig.ipv4, bench.rig.now_us, (struct ipv4_prefix){0}, 0),
		OK);
	assert_int_equal(bench_join(GROUP), OK);
	assert_true(bench_sent(&s));
	bench_is_record(&s, 4, GROUP);
	assert_int_equal(s.src, 0);
}

static void a_full_table_of_left_groups_makes_room(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 3 * GROUP_TABLE_MAX; i++) {
		assert_int_equal(bench_join(GROUP + i), OK);
		bench_leave(GROUP + i);
	}
	for (uint32_t i = 0; i < GROUP_TABLE_MAX; i++)
		assert_int_equal(bench_join(GROUP + i), OK);
	(void)bench_run(20ull * SECOND);
	bench_query(3, 0, 1);
	struct sent s = bench_next(21ull * SECOND);
	assert_int_equal(s.n, GROUP_TABLE_MAX);
}

static void a_lost_packet_is_not_the_end(void **state)
{
	(void)state;
	bench.rig.fake.queue_max = 0;
	assert_int_equal(bench_join(GROUP), OK);
	assert_int_equal(bench.igmp.reporter.stats.unsent, 1);
	bench.rig.fake.queue_max = 9;
	struct sent s = bench_next(20ull * SECOND);
	bench_is_record(&s, 4, GROUP);
}

static void the_protocol_is_bound_once(void **state)
{
	(void)state;
	static struct igmp second;
	assert_int_equal(igmp_init(&second, &bench.rig.ipv4, &bench.rig.tx, &bench.rig.random.rng),
			 ERR_EXISTS);
}

static const struct CMUnitTest tests[] = {
	TEST(a_join_is_reported_at_once_and_once_more),
	TEST(a_leave_is_reported_with_the_last_user),
	TEST(the_latest_change_is_what_is_repeated),
	TEST(a_general_query_is_answered_for_all_in_time),
	TEST(a_query_for_a_group_is_answered_for_it),
	TEST(a_query_with_sources_is_answered_too),
	TEST(a_host_of_no_group_keeps_silent),
	TEST(many_queries_get_few_answers),
	TEST(robustness_is_the_queriers),
	TEST(without_an_address_it_reports_from_none),
	TEST(a_full_table_of_left_groups_makes_room),
	TEST(a_lost_packet_is_not_the_end),
	TEST(the_protocol_is_bound_once),
};

int main(void)
{
	int failed = cmocka_run_group_tests_name("records", tests, NULL, NULL);
	failed += bench_run_versions();
	failed += bench_run_messages();
	return failed;
}
