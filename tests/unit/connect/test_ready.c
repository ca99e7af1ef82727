/* SPDX-License-Identifier: ISC */
/* Addresses of ours that come while a connection is being made, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/connect/ready.h"
#include "tests/unit/connect/world.h"

#undef assert

static void a_family_that_becomes_ready_joins_in(void **state)
{
	uint64_t begin_us = w.now_us;

	(void)state;
	w.unready[RESOLVER_IPV6] = true;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	assert_int_equal(w.flows, 0);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", "192.0.2.2");
	expect_flow(0, "192.0.2.1", begin_us); /* which need not wait for the other */
	pass(100 * US_PER_MS);
	w.unready[RESOLVER_IPV6] = false;
	pass(500 * US_PER_MS);
	expect_flow(1, "2001:db8::1", begin_us + CONNECT_ATTEMPT_US);
	expect_flow(2, "192.0.2.2", begin_us + 2 * CONNECT_ATTEMPT_US);
	establish(1);
	expect_connected(1);
}

/* The other address is tried in its turn, not kept from it by one that cannot be. */
static void what_is_not_ready_delays_nobody(void **state)
{
	uint64_t begin_us = w.now_us;

	(void)state;
	w.unready[RESOLVER_IPV6] = true;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", "2001:db8::2");
	pass(20 * US_PER_MS);
	answer(RESOLVER_IPV4, OK, "192.0.2.1", "192.0.2.2");
	expect_flow(0, "192.0.2.1", w.now_us);
	pass(CONNECT_ATTEMPT_US);
	expect_flow(1, "192.0.2.2", begin_us + 20 * US_PER_MS + CONNECT_ATTEMPT_US);
	pass(CONNECT_READY_US); /* who is being connected to may take his time … */
	assert_int_equal(w.done, 0);
	w.unready[RESOLVER_IPV6] = false;
	pass(CONNECT_AGAIN_US);
	assert_int_equal(w.flows, 3); /* … and so may our address */
	establish(2);
	expect_connected(2);
}

static void an_address_is_waited_for_if_there_is_nothing_else(void **state)
{
	uint64_t begin_us = w.now_us;

	(void)state;
	w.unready[RESOLVER_IPV6] = true;
	assert_int_equal(begin("a.test"), OK);
	answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
	answer(RESOLVER_IPV4, ERR_NOTFOUND, NULL, NULL);
	pass(US_PER_S);
	assert_int_equal(w.done, 0);
	w.unready[RESOLVER_IPV6] = false;
	pass(CONNECT_AGAIN_US);
	assert_in_range(w.flow[0].at_us, begin_us + US_PER_S, w.now_us);
	establish(0);
	expect_connected(0);
}

static void ipv4_alone_waits_for_its_address_too(void **state)
{
	(void)state;
	free(w.memory);
	make(NULL, NULL);
	w.unready[RESOLVER_IPV4] = true;
	assert_int_equal(begin("192.0.2.1"), OK);
	pass(US_PER_S);
	w.unready[RESOLVER_IPV4] = false;
	pass(CONNECT_AGAIN_US);
	establish(0);
	expect_connected(0);
}

/* A network of one family costs the wait for the other once. */
static void a_family_that_never_comes_is_waited_for_once(void **state)
{
	(void)state;
	w.unready[RESOLVER_IPV6] = true;
	for (unsigned i = 0; i < 2; i++) {
		w.done = 0;
		assert_int_equal(begin("a.test"), OK);
		answer(RESOLVER_IPV6, OK, "2001:db8::1", NULL);
		answer(RESOLVER_IPV4, OK, "192.0.2.1", NULL);
		pass(0);
		refuse(i);
		if (i == 0) {
			pass(CONNECT_READY_US - 1);
			assert_int_equal(w.done, 0);
			pass(1 + CONNECT_AGAIN_US);
		}
		expect_failed(ERR_REFUSED);
	}
	w.done = 0;
	assert_int_equal(begin("2001:db8::1"), OK);
	pass(0);
	expect_failed(ERR_NOTREADY);
	w.unready[RESOLVER_IPV6] = false; /* it comes after all, and goes: waited for again */
	w.done = 0;
	assert_int_equal(begin("2001:db8::1"), OK);
	pass(0);
	refuse(2);
	w.unready[RESOLVER_IPV6] = true;
	w.done = 0;
	assert_int_equal(begin("2001:db8::1"), OK);
	pass(US_PER_S);
	assert_int_equal(w.done, 0);
	connector_cancel(connect_connector(w.c), &w.request);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int run_ready_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_family_that_becomes_ready_joins_in),
		TEST(what_is_not_ready_delays_nobody),
		TEST(an_address_is_waited_for_if_there_is_nothing_else),
		TEST(ipv4_alone_waits_for_its_address_too),
		TEST(a_family_that_never_comes_is_waited_for_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
