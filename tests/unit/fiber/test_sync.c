/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/loop/loop.h"
#include "tests/fakes/machine.h"
#include "tests/unit/fiber/world.h"

static struct fiber a, b, c, d;
static struct mutex mutex;
static struct condition condition;
static struct channel channel;
static uint16_t room[3];
static bool open;

static void hold_mutex(void *letter)
{
	mutex_lock(&mutex);
	note(letter);
	fiber_wake(fiber_current()); /* a wake-up for something else, which the sleep uses up */
	fiber_sleep(10);
	note(letter);
	mutex_unlock(&mutex);
}

static void a_mutex_is_handed_on_in_order(void **state)
{
	(void)state;
	mutex_init(&mutex);
	spawn(&a, hold_mutex, "a");
	spawn(&b, hold_mutex, "b");
	spawn(&c, hold_mutex, "c");
	run_until_ended(&c);
	assert_string_equal(trace, "aabbcc");
	assert_null(mutex.owner);
}

static void try_mutex(void *arg)
{
	(void)arg;
	assert_true(mutex_try_lock(&mutex));
	assert_false(mutex_try_lock(&mutex));
	mutex_unlock(&mutex);
	fiber_sleep(5);
	assert_false(mutex_try_lock(&mutex)); /* b has it */
	note("tried");
}

static void trying_a_mutex_does_not_wait(void **state)
{
	(void)state;
	mutex_init(&mutex);
	spawn(&a, try_mutex, NULL);
	spawn(&b, hold_mutex, "b");
	run_until_ended(&b);
	assert_string_equal(trace, "btriedb");
}

static void wait_until_open(void *letter)
{
	mutex_lock(&mutex);
	while (!open)
		condition_wait(&condition, &mutex);
	assert_ptr_equal(mutex.owner, fiber_current());
	note(letter);
	mutex_unlock(&mutex);
}

static void signal_then_open(void *arg)
{
	(void)arg;
	condition_signal(&condition); /* nothing has changed yet: the waiter waits again */
	fiber_sleep(5);
	mutex_lock(&mutex);
	open = true;
	note("open");
	condition_broadcast(&condition);
	mutex_unlock(&mutex);
}

static void a_condition_wakes_all_that_wait(void **state)
{
	(void)state;
	mutex_init(&mutex);
	condition_init(&condition);
	open = false;
	spawn(&a, wait_until_open, "a");
	spawn(&b, wait_until_open, "b");
	spawn(&c, signal_then_open, NULL);
	run_until_ended(&a);
	run_until_ended(&b);
	assert_true(strcmp(trace, "openab") == 0 || strcmp(trace, "openba") == 0);
}

static void wait_in_vain(void *arg)
{
	(void)arg;
	mutex_lock(&mutex);
	assert_int_equal(condition_wait_until(&condition, &mutex, 70), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 70);
	mutex_unlock(&mutex);
	condition_signal(&condition); /* nobody is left in the queue */
}

static void a_condition_can_time_out(void **state)
{
	(void)state;
	mutex_init(&mutex);
	condition_init(&condition);
	spawn(&a, wait_in_vain, NULL);
	run_until_ended(&a);
}

static void send_ten(void *first)
{
	for (uint16_t i = 0; i < 10; i++) {
		uint16_t n = (uint16_t)((uintptr_t)first + i);
		assert_int_equal(channel_send(&channel, &n, TIME_NEVER), OK);
	}
}

static unsigned received, sum;

static void receive_until_closed(void *pause_us)
{
	uint16_t n;
	while (channel_receive(&channel, &n, TIME_NEVER) == OK) {
		received++;
		sum += n;
		fiber_sleep((uintptr_t)pause_us);
	}
}

static void join_senders_and_close(void *arg)
{
	(void)arg;
	fiber_join(&a);
	fiber_join(&b);
	channel_close(&channel);
}

static void a_channel_delivers_everything_once(void **state)
{
	static struct fiber e;
	(void)state;
	channel_init(&channel, room, sizeof(room[0]), ARRAY_SIZE(room));
	received = 0;
	sum = 0;
	spawn(&a, send_ten, (void *)0);
	spawn(&b, send_ten, (void *)100);
	spawn(&c, receive_until_closed, (void *)3);
	spawn(&d, receive_until_closed, (void *)7);
	spawn(&e, join_senders_and_close, NULL);
	run_until_ended(&c);
	run_until_ended(&d);
	assert_int_equal(received, 20);
	assert_int_equal(sum, 45 + 1000 + 45);
}

static void receive_in_order(void *arg)
{
	uint16_t n;
	(void)arg;
	for (uint16_t i = 0; i < 10; i++) {
		assert_int_equal(channel_receive(&channel, &n, TIME_NEVER), OK);
		assert_int_equal(n, i);
	}
	assert_int_equal(channel_receive(&channel, &n, time_now_us() + 9), ERR_TIMEOUT);
	assert_int_equal(channel_receive(&channel, &n, 0), ERR_TIMEOUT);
	channel_close(&channel);
	assert_int_equal(channel_receive(&channel, &n, TIME_NEVER), ERR_EOF);
	assert_int_equal(channel_send(&channel, &n, TIME_NEVER), ERR_CLOSED);
}

static void a_channel_keeps_order_and_ends(void **state)
{
	(void)state;
	channel_init(&channel, room, sizeof(room[0]), ARRAY_SIZE(room));
	spawn(&a, send_ten, (void *)0);
	spawn(&b, receive_in_order, NULL);
	run_until_ended(&b);
}

static void a_full_or_empty_channel_refuses_a_try(void **state)
{
	uint16_t n = 7;
	(void)state;
	channel_init(&channel, room, sizeof(room[0]), ARRAY_SIZE(room));
	assert_int_equal(channel_try_receive(&channel, &n), ERR_AGAIN);
	for (unsigned i = 0; i < ARRAY_SIZE(room); i++)
		assert_int_equal(channel_try_send(&channel, &n), OK);
	assert_int_equal(channel_try_send(&channel, &n), ERR_AGAIN);
	channel_close(&channel);
	for (unsigned i = 0; i < ARRAY_SIZE(room); i++)
		assert_int_equal(channel_try_receive(&channel, &n), OK);
	assert_int_equal(channel_try_receive(&channel, &n), ERR_EOF);
}

static void receive_until_cancelled(void *arg)
{
	uint16_t element;
	(void)arg;
	assert_int_equal(channel_receive(&channel, &element, TIME_NEVER), ERR_CANCELLED);
	note("c");
}

/* It has the mutex in the end, whatever happened: a cancellation must not break what it guards. */
static void lock_though_cancelled(void *arg)
{
	(void)arg;
	mutex_lock(&mutex);
	assert_ptr_equal(mutex.owner, fiber_current());
	assert_int_equal(condition_wait_until(&condition, &mutex, TIME_NEVER), ERR_CANCELLED);
	assert_ptr_equal(mutex.owner, fiber_current());
	mutex_unlock(&mutex);
	note("m");
}

static void cancel_both(void *arg)
{
	(void)arg;
	mutex_lock(&mutex);
	fiber_sleep(10);
	fiber_cancel(&a);
	fiber_cancel(&b);
	fiber_sleep(10);
	assert_string_equal(trace, "c");
	mutex_unlock(&mutex);
}

static void a_cancellation_ends_waits_with_an_outcome(void **state)
{
	(void)state;
	mutex_init(&mutex);
	condition_init(&condition);
	channel_init(&channel, room, sizeof(room[0]), 3);
	spawn(&c, cancel_both, NULL);
	spawn(&a, receive_until_cancelled, NULL);
	spawn(&b, lock_though_cancelled, NULL);
	run_until_ended(&b);
	assert_string_equal(trace, "cm");
	assert_true(list_empty(&channel.receivers));
	assert_true(list_empty(&condition.waiters));
}

int run_sync_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_mutex_is_handed_on_in_order, world_setup),
		cmocka_unit_test_setup(trying_a_mutex_does_not_wait, world_setup),
		cmocka_unit_test_setup(a_condition_wakes_all_that_wait, world_setup),
		cmocka_unit_test_setup(a_condition_can_time_out, world_setup),
		cmocka_unit_test_setup(a_cancellation_ends_waits_with_an_outcome, world_setup),
		cmocka_unit_test_setup(a_channel_delivers_everything_once, world_setup),
		cmocka_unit_test_setup(a_channel_keeps_order_and_ends, world_setup),
		cmocka_unit_test_setup(a_full_or_empty_channel_refuses_a_try, world_setup),
	};
	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
