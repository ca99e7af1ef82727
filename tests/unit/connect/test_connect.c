/* SPDX-License-Identifier: ISC */
/*
 * Happy eyeballs on virtual time: the resolver and TCP are the test, which answers and establishes
 * what and when it likes.
 */
#include "net/connect/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/flow_fake.h"
#include "tests/unit/connect/order.h"

#undef assert

enum { FLOWS = 20, PORT = 8080 };

/* One connection that was begun. */
struct begun {
	struct flow_fake fake;
	struct ip_addr to;
	uint64_t at_us;
};

static struct {
	void *memory;
	struct connect *c;
	uint64_t now_us;
	unsigned wakes;

	struct resolver resolver;
	struct resolver_request *query[2];
	enum err refusal[2];

	struct begun flow[FLOWS];
	unsigned flows;
	enum err connect_error;

	struct connector_request request;
	unsigned done;
	void (*when_done)(void);
} w;

/* --- the world ------------------------------------------------------------------------------- */

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip;
	*out = (struct ip_route){.src = *dst};
	return OK;
}

static const struct ip_ops ip_ops = {.route = route};
static struct ip ip = {&ip_ops};

struct ip *tcp_ip(const struct tcp *tcp)
{
	assert_ptr_equal(tcp, &w);
	return &ip;
}

enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port, uint64_t now_us,
		     struct flow **flow)
{
	struct begun *b = &w.flow[w.flows];

	assert_ptr_equal(tcp, &w);
	assert_int_equal(port, PORT);
	assert_int_equal(now_us, w.now_us);
	if (w.connect_error != OK)
		return w.connect_error;
	assert_in_range(w.flows, 0, FLOWS - 1);
	w.flows++;
	flow_fake_init(&b->fake);
	b->to = *addr;
	b->at_us = now_us;
	*flow = &b->fake.flow;
	return OK;
}

static enum err resolver_start_(struct resolver *r, struct resolver_request *request,
				const char *name, enum resolver_family family, uint64_t now_us)
{
	assert_ptr_equal(r, &w.resolver);
	assert_string_equal(name, "a.test");
	assert_int_equal(now_us, w.now_us);
	assert_null(w.query[family]);
	if (w.refusal[family] == OK)
		w.query[family] = request;
	return w.refusal[family];
}

static void resolver_cancel_(struct resolver *r, struct resolver_request *request)
{
	assert_ptr_equal(r, &w.resolver);
	for (unsigned i = 0; i < 2; i++) {
		if (w.query[i] == request) {
			w.query[i] = NULL;
			return;
		}
	}
	fail(); /* it was not open */
}

static void count_wake(void *arg)
{
	(void)arg;
	w.wakes++;
}

static void done(struct connector_request *r, uint64_t now_us)
{
	assert_ptr_equal(r, &w.request);
	assert_int_equal(now_us, w.now_us);
	w.done++;
	if (w.when_done != NULL)
		w.when_done();
}

static void make(const struct connect_families *families, struct resolver *resolver)
{
	const struct connect_config config = {.requests = 2, .families = families};

	w.memory = malloc(connect_memory_bytes(&config));
	assert_non_null(w.memory);
	w.c = connect_init(w.memory, &config, (struct tcp *)&w, resolver,
			   (struct waker){count_wake, NULL});
	w.request = (struct connector_request){.done = done};
}

static int setup(void **state)
{
	static const struct resolver_ops ops = {.start = resolver_start_,
						.cancel = resolver_cancel_};

	(void)state;
	memset(&w, 0, sizeof(w));
	w.now_us = 1000000;
	w.resolver.ops = &ops;
	make(&connect_both_families, &w.resolver);
	return 0;
}

/* All flows were given back, all questions too. */
static int teardown(void **state)
{
	(void)state;
	for (unsigned i = 0; i < w.flows; i++)
		flow_fake_fini(&w.flow[i].fake);
	assert_null(w.query[0]);
	assert_null(w.query[1]);
	assert_int_equal(connect_poll(w.c, w.now_us), TIME_NEVER);
	free(w.memory);
	return 0;
}

static enum err begin(const char *host)
{
	return connector_start(connect_connector(w.c), &w.request, host, PORT, w.now_us);
}

/* Lets `us` pass, with each poll that falls due. */
static void pass(uint64_t us)
{
	uint64_t end_us = w.now_us + us, due_us;

	while ((due_us = connect_poll(w.c, w.now_us)) <= end_us)
		w.now_us = due_us;
	w.now_us = end_us;
}

static void answer(enum resolver_family family, enum err error, const char *first,
		   const char *second)
{
	struct resolver_request *r = w.query[family];

	assert_non_null(r);
	w.query[family] = NULL;
	r->error = error;
	r->count = (first != NULL) + (second != NULL);
	if (first != NULL)
		assert_int_equal(connect_both_families.parse(first, &r->address[0]), OK);
	if (second != NULL)
		assert_int_equal(connect_both_families.parse(second, &r->address[1]), OK);
	unsigned wakes = w.wakes, was_done = w.done;
	r->done(r, w.now_us);
	assert_true(w.wakes > wakes || w.done > was_done); /* somebody will poll */
}

static void raise(unsigned i, unsigned events)
{
	struct flow *f = &w.flow[i].fake.flow;

	f->event(f, f->arg, events, w.now_us);
}

static void establish(unsigned i)
{
	raise(i, FLOW_CONNECTED | FLOW_READABLE);
}

static void refuse(unsigned i)
{
	w.flow[i].fake.error = ERR_REFUSED;
	raise(i, FLOW_FAILED);
}

static void expect_flow(unsigned i, const char *to, uint64_t at_us)
{
	char text[INET_ADDR_CHARS];

	assert_true(i < w.flows);
	assert_string_equal(inet_format(&w.flow[i].to, text), to);
	assert_int_equal(w.flow[i].at_us, at_us);
}

/* The request has ended with this flow, which is given back here. */
static void expect_connected(unsigned i)
{
	assert_int_equal(w.done, 1);
	assert_int_equal(w.request.error, OK);
	assert_ptr_equal(w.request.flow, &w.flow[i].fake.flow);
	for (unsigned other = 0; other < w.flows; other++)
		assert_int_equal(w.flow[other].fake.aborted, other != i);
	flow_close(w.request.flow);
}

static void expect_failed(enum err e)
{
	assert_int_equal(w.done, 1);
	assert_int_equal(w.request.error, e);
	assert_null(w.request.flow);
}

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
	raise(0, FLOW_CONNECTED | FLOW_FAILED);
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
	return cmocka_run_group_tests(tests, NULL, NULL) + run_order_tests();
}
