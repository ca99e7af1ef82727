/* SPDX-License-Identifier: ISC */
/* A fiber connects by name; the connector is the test. */
#include "runtime/fiber/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/loop/loop.h"
#include "tests/fakes/flow_fake.h"
#include "tests/fakes/machine.h"
#include "tests/unit/fiber/world.h"

#undef assert

static struct {
	struct connector connector; /* first */
	struct connector_request *request;
	unsigned starts, cancels;
	enum err refusal;
} fake;

static struct flow_fake flow;
static struct fiber user;
static struct stream stream;
static enum err outcome;
static uint64_t deadline_us;

static enum err start(struct connector *c, struct connector_request *request, const char *host,
		      uint16_t port, uint64_t now_us)
{
	assert_ptr_equal(c, &fake.connector);
	assert_string_equal(host, "a.test");
	assert_int_equal(port, 80);
	assert_int_equal(now_us, time_now_us());
	fake.starts++;
	fake.request = request;
	return fake.refusal;
}

static void cancel(struct connector *c, struct connector_request *request)
{
	assert_ptr_equal(c, &fake.connector);
	assert_ptr_equal(request, fake.request);
	fake.cancels++;
}

static void connect_and_read(void *arg)
{
	char bytes[4];

	(void)arg;
	outcome = stream_connect(&stream, &fake.connector, "a.test", 80, deadline_us);
	if (outcome != OK)
		return;
	assert_int_equal(stream_connected(&stream, 0), OK);
	assert_int_equal(stream_read(&stream, bytes, sizeof(bytes), TIME_NEVER), 4);
	stream_close(&stream);
}

static int setup(void **state)
{
	static const struct connector_ops ops = {.start = start, .cancel = cancel};

	memset(&fake, 0, sizeof(fake));
	fake.connector.ops = &ops;
	deadline_us = TIME_NEVER;
	return world_setup(state);
}

static void complete(void *arg)
{
	enum err e = *(enum err *)arg;

	fiber_sleep(10);
	fiber_wake(&user); /* by somebody else: it goes on waiting */
	fiber_sleep(10);
	assert_false(user.ended);
	fake.request->error = e;
	fake.request->flow = e == OK ? &flow.flow : NULL;
	fake.request->done(fake.request, time_now_us());
	if (e != OK)
		return;
	/* Before the fiber has run: the stream must not miss it. */
	flow_fake_feed(&flow, "ping", 4);
	assert_true(flow_fake_poll(&flow, time_now_us()));
}

static void play(enum err e)
{
	struct fiber server;

	spawn(&user, connect_and_read, NULL);
	spawn(&server, complete, &e);
	run_until_ended(&user);
	run_until_ended(&server);
	assert_int_equal(outcome, e);
	assert_int_equal(fake.starts, 1);
	assert_int_equal(fake.cancels, 0);
}

static void waits_for_the_connection(void **state)
{
	(void)state;
	flow_fake_init(&flow);
	play(OK);
	assert_true(flow.closed);
	flow_fake_fini(&flow);
}

static void hands_errors_on(void **state)
{
	(void)state;
	play(ERR_NOTFOUND);
}

static void takes_the_request_back_at_the_deadline(void **state)
{
	(void)state;
	deadline_us = 500;
	spawn(&user, connect_and_read, NULL);
	run_until_ended(&user);
	assert_int_equal(outcome, ERR_TIMEOUT);
	assert_int_equal(fake.cancels, 1);
	assert_true(time_now_us() >= 500);
}

static void cancel_later(void *arg)
{
	(void)arg;
	fiber_sleep(10);
	fiber_cancel(&user);
}

static void takes_the_request_back_when_cancelled(void **state)
{
	struct fiber other;

	(void)state;
	spawn(&user, connect_and_read, NULL);
	spawn(&other, cancel_later, NULL);
	run_until_ended(&user);
	assert_int_equal(outcome, ERR_CANCELLED);
	assert_int_equal(fake.cancels, 1);
	assert_int_equal(time_now_us(), 10);
}

static void does_not_wait_when_refused(void **state)
{
	(void)state;
	fake.refusal = ERR_INVALID;
	spawn(&user, connect_and_read, NULL);
	run_until_ended(&user);
	assert_int_equal(outcome, ERR_INVALID);
	assert_int_equal(fake.cancels, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_for_the_connection),
		TEST(hands_errors_on),
		TEST(takes_the_request_back_at_the_deadline),
		TEST(takes_the_request_back_when_cancelled),
		TEST(does_not_wait_when_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
