/* SPDX-License-Identifier: ISC */
/* Happy eyeballs: which address is tried when, and what becomes of requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/connect/order.h"
#include "tests/unit/connect/ready.h"
#include "tests/unit/connect/world.h"

#undef assert

/* --- resolution ------------------------------------------------------------------------------ */

static void ipv6_does_not_wait_for_ipv4(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	assert_non_null(w.query[RESOLVER_IPV4]);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	expect_flow(0, "2001:db8::1", w.now_us);
	establish(0);
	expect_connected(0); /* and the other question was taken back */
}

static void ipv4_waits_50_ms_for_ipv6(void **state)
{
	uint64_t begin_us = w.now_us;

	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	pass(49 * US_PER_MS);
	assert_int_equal(w.flows, 0);
	pass(2 * US_PER_MS);
	expect_flow(0, "192.0.2.1", begin_us + 50 * US_PER_MS);
	establish(0);
	expect_connected(0);
}

static void ipv6_that_comes_in_time_goes_first(void **state)
{
	uint64_t answer_us;

	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", "192.0.2.2");
	pass(30 * US_PER_MS);
	answer_us = w.now_us;
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	expect_flow(0, "2001:db8::1", answer_us);
	pass(600 * US_PER_MS);
	expect_flow(1, "192.0.2.1", answer_us + 250 * US_PER_MS);
	expect_flow(2, "192.0.2.2", answer_us + 500 * US_PER_MS);
	establish(1); /* the first that completes wins, whichever it is */
	expect_connected(1);
	assert_int_equal(connect_stats(w.c)->late, 1);
}

static void ipv4_need_not_wait_for_a_no(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	answer(RESOLVER_IPV6, ERR_NOTFOUND, NULL, NULL);
	expect_flow(0, "192.0.2.1", w.now_us);
	establish(0);
	expect_connected(0);
}

static void a_late_answer_joins_in(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", "192.0.2.2");
	pass(60 * US_PER_MS);
	expect_flow(0, "192.0.2.1", w.now_us - 10 * US_PER_MS);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	pass(500 * US_PER_MS);
	expect_flow(1, "2001:db8::1", w.flow[0].at_us + 250 * US_PER_MS);
	expect_flow(2, "192.0.2.2", w.flow[0].at_us + 500 * US_PER_MS);
	establish(2);
	expect_connected(2);
}

static void a_name_without_addresses_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, ERR_NOTFOUND, NULL, NULL);
	assert_int_equal(w.done, 0);
	answer(RESOLVER_IPV4, ERR_NOTFOUND, NULL, NULL);
	expect_failed(ERR_NOTFOUND);
}

static void silence_of_servers_is_told(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, ERR_TIMEOUT, NULL, NULL);
	answer(RESOLVER_IPV4, ERR_NOTFOUND, NULL, NULL);
	expect_failed(ERR_TIMEOUT);
}

static void one_question_is_enough(void **state)
{
	(void)state;
	w.refusal[RESOLVER_IPV6] = ERR_NOMEM;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	expect_flow(0, "192.0.2.1", w.now_us);
	establish(0);
	expect_connected(0);
}

static void a_refused_question_is_told_at_once(void **state)
{
	(void)state;
	w.refusal[RESOLVER_IPV6] = w.refusal[RESOLVER_IPV4] = ERR_INVALID;
	for (unsigned i = 0; i < 5; i++) /* more often than there is room for */
		assert_int_equal(begin("a.test"), ERR_INVALID);
	assert_int_equal(w.done, 0);
}

/* --- attempts -------------------------------------------------------------------------------- */

static void a_failure_brings_the_next_at_once(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", "2001:db8::2");
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	pass(10 * US_PER_MS);
	refuse(0);
	expect_flow(1, "192.0.2.1", w.now_us);
	pass(10 * US_PER_MS);
	refuse(1);
	expect_flow(2, "2001:db8::2", w.now_us);
	assert_int_equal(w.done, 0);
	refuse(2);
	expect_failed(ERR_REFUSED);
}

static void it_ends_only_when_the_last_answer_is_there(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	refuse(0);
	assert_int_equal(w.done, 0);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	expect_flow(1, "192.0.2.1", w.now_us);
	establish(1);
	expect_connected(1);
}

static void addresses_without_a_way_are_passed_over(void **state)
{
	(void)state;
	w.connect_error = ERR_UNREACHABLE;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", "2001:db8::2");
	answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
	expect_failed(ERR_UNREACHABLE);
}

static void no_more_than_four_are_tried_at_a_time(void **state)
{
	struct resolver_request *r;

	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, ERR_NOTFOUND, NULL, NULL);
	r = w.query[RESOLVER_IPV4];
	w.query[RESOLVER_IPV4] = NULL;
	r->error = OK;
	r->count = RESOLVER_ADDRESSES_MAX;
	for (unsigned i = 0; i < r->count; i++)
		r->address[i] = ip_addr_from_v4(0xc0000201 + i);
	r->done(r, w.now_us);
	pass(10 * US_PER_S);
	assert_int_equal(w.flows, CONNECT_FLOWS_MAX);
	refuse(2);
	expect_flow(4, "192.0.2.5", w.now_us);
	establish(4);
	expect_connected(4);
}

static void a_connection_that_broke_at_once_is_no_connection(void **state)
{
	(void)state;
	assert_int_equal(begin("192.0.2.1"), OK);
	pass(0);
	w.flow[0].fake.error = ERR_RESET;
	raise_events(0, FLOW_CONNECTED | FLOW_FAILED);
	expect_failed(ERR_RESET);
}

/* --- requests -------------------------------------------------------------------------------- */

static void an_address_needs_no_resolver(void **state)
{
	(void)state;
	free(w.memory);
	make(&connect_both_families, NULL);
	assert_int_equal(begin("a.test"), ERR_NOTREADY);
	assert_int_equal(begin("2001:db8::5"), OK);
	assert_int_equal(w.flows, 0); /* nothing happens inside the call */
	assert_true(w.wakes > 0);
	pass(0);
	expect_flow(0, "2001:db8::5", w.now_us);
	establish(0);
	expect_connected(0);
}

static void ipv4_alone_asks_for_nothing_else(void **state)
{
	(void)state;
	free(w.memory);
	make(NULL, &w.resolver);
	assert_int_equal(begin("a.test"), OK);
	assert_null(w.query[RESOLVER_IPV6]);
	answer(RESOLVER_IPV4, OK, "192.0.2.2", "192.0.2.1");
	expect_flow(0, "192.0.2.2", w.now_us);
	pass(250 * US_PER_MS);
	pass(0);
	expect_flow(1, "192.0.2.1", w.now_us);
	establish(1);
	expect_connected(1);
}

static void a_cancelled_request_gives_all_back(void **state)
{
	(void)state;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", "2001:db8::2");
	pass(300 * US_PER_MS);
	assert_int_equal(w.flows, 2);
	connector_cancel(connect_connector(w.c), &w.request);
	assert_int_equal(w.done, 0);
	assert_true(w.flow[0].fake.aborted && w.flow[1].fake.aborted);
}

static void requests_are_bounded(void **state)
{
	struct connector_request second = {.done = done}, third = {.done = done};
	struct connector *c = connect_connector(w.c);

	(void)state;
	assert_int_equal(begin("192.0.2.1"), OK);
	assert_int_equal(connector_start(c, &second, "192.0.2.2", PORT, w.now_us), OK);
	assert_int_equal(connector_start(c, &third, "192.0.2.3", PORT, w.now_us), ERR_NOMEM);
	assert_int_equal(connect_stats(w.c)->out_of_memory, 1);
	connector_cancel(c, &second);
	assert_int_equal(connector_start(c, &third, "192.0.2.3", PORT, w.now_us), OK);
	connector_cancel(c, &third);
	connector_cancel(c, &w.request);
}

static void start_again(void)
{
	w.when_done = NULL;
	assert_int_equal(begin("192.0.2.9"), OK);
}

static void done_may_start_the_request_anew(void **state)
{
	(void)state;
	w.when_done = start_again;
	assert_int_equal(begin("192.0.2.1"), OK);
	pass(0);
	refuse(0);
	assert_int_equal(w.done, 1);
	pass(0);
	expect_flow(1, "192.0.2.9", w.now_us);
	establish(1);
	assert_int_equal(w.done, 2);
	w.done = 1;
	expect_connected(1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ipv6_does_not_wait_for_ipv4),
		TEST(ipv4_waits_50_ms_for_ipv6),
		TEST(ipv6_that_comes_in_time_goes_first),
		TEST(ipv4_need_not_wait_for_a_no),
		TEST(a_late_answer_joins_in),
		TEST(a_name_without_addresses_is_not_found),
		TEST(silence_of_servers_is_told),
		TEST(one_question_is_enough),
		TEST(a_refused_question_is_told_at_once),
		TEST(a_failure_brings_the_next_at_once),
		TEST(it_ends_only_when_the_last_answer_is_there),
		TEST(addresses_without_a_way_are_passed_over),
		TEST(no_more_than_four_are_tried_at_a_time),
		TEST(a_connection_that_broke_at_once_is_no_connection),
		TEST(an_address_needs_no_resolver),
		TEST(ipv4_alone_asks_for_nothing_else),
		TEST(a_cancelled_request_gives_all_back),
		TEST(requests_are_bounded),
		TEST(done_may_start_the_request_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) + run_order_tests() + run_ready_tests();
}
