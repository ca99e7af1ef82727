/* SPDX-License-Identifier: ISC */
/* A fiber resolves names; the resolver is the test. */
#include "runtime/fiber/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/loop/loop.h"
#include "tests/fakes/machine.h"
#include "tests/unit/fiber/world.h"

#undef assert

static struct {
	struct resolver resolver; /* first */
	struct resolver_request *request;
	unsigned starts, cancels;
	enum err refusal;
	enum resolver_family family;
} fake;

static struct fiber user;
static struct ip_addr out[RESOLVER_ADDRESSES_MAX];
static unsigned count;
static enum err outcome;
static uint64_t deadline_us;

static enum err start(struct resolver *r, struct resolver_request *request, const char *name,
		      enum resolver_family family, uint64_t now_us)
{
	assert_ptr_equal(r, &fake.resolver);
	assert_string_equal(name, "a.test");
	assert_int_equal(now_us, time_now_us());
	fake.starts++;
	fake.family = family;
	fake.request = request;
	return fake.refusal;
}

static void cancel(struct resolver *r, struct resolver_request *request)
{
	assert_ptr_equal(r, &fake.resolver);
	assert_ptr_equal(request, fake.request);
	fake.cancels++;
}

static void ask(void *arg)
{
	(void)arg;
	outcome = resolve(&fake.resolver, "a.test", RESOLVER_IPV6, out, &count, deadline_us);
}

static int setup(void **state)
{
	static const struct resolver_ops ops = {.start = start, .cancel = cancel};

	memset(&fake, 0, sizeof(fake));
	fake.resolver.ops = &ops;
	count = 99;
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
	fake.request->count = e == OK ? 2 : 0;
	fake.request->address[0] = ip_addr_from_v4(1);
	fake.request->address[1] = ip_addr_from_v4(2);
	fake.request->done(fake.request, time_now_us());
}

static void play(enum err e)
{
	struct fiber server;

	spawn(&user, ask, NULL);
	spawn(&server, complete, &e);
	run_until_ended(&user);
	run_until_ended(&server);
	assert_int_equal(fake.starts, 1);
}

static void waits_for_the_addresses(void **state)
{
	(void)state;
	play(OK);
	assert_int_equal(outcome, OK);
	assert_int_equal(count, 2);
	assert_int_equal(ip_addr_v4(&out[1]), 2);
	assert_int_equal(fake.family, RESOLVER_IPV6);
	assert_int_equal(fake.cancels, 0);
}

static void hands_errors_on(void **state)
{
	(void)state;
	play(ERR_NOTFOUND);
	assert_int_equal(outcome, ERR_NOTFOUND);
	assert_int_equal(count, 0);
}

static void takes_the_request_back_at_the_deadline(void **state)
{
	(void)state;
	deadline_us = 500;
	spawn(&user, ask, NULL);
	run_until_ended(&user);
	assert_int_equal(outcome, ERR_TIMEOUT);
	assert_int_equal(count, 0);
	assert_int_equal(fake.cancels, 1);
	assert_true(time_now_us() >= 500);
}

static void does_not_wait_when_refused(void **state)
{
	(void)state;
	fake.refusal = ERR_INVALID;
	spawn(&user, ask, NULL);
	run_until_ended(&user);
	assert_int_equal(outcome, ERR_INVALID);
	assert_int_equal(count, 0);
	assert_int_equal(fake.cancels, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_for_the_addresses),
		TEST(hands_errors_on),
		TEST(takes_the_request_back_at_the_deadline),
		TEST(does_not_wait_when_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
