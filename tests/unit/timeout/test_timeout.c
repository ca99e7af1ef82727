/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/attr.h"
#include "hal/timer.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/loop/timeout.h"

enum { N = 300 };

/* The model: what each timeout is set to, TIME_NEVER if it is not. */
static struct item {
	struct timeout t;
	uint64_t model_us;
} item[N];

static uint64_t last_called_us;
static unsigned calls;

static void on_item(struct timeout *t, uint64_t now_us)
{
	struct item *i = container_of(t, struct item, t);
	assert_true(i->model_us <= now_us);
	assert_true(i->model_us >= last_called_us); /* in the order of their deadlines */
	assert_false(timeout_pending(t));
	last_called_us = i->model_us;
	i->model_us = TIME_NEVER;
	calls++;
}

static uint64_t model_next(void)
{
	uint64_t next = TIME_NEVER;
	for (unsigned i = 0; i < N; i++)
		next = MIN(next, item[i].model_us);
	return next;
}

static unsigned model_due(uint64_t now_us)
{
	unsigned n = 0;
	for (unsigned i = 0; i < N; i++)
		n += item[i].model_us <= now_us;
	return n;
}

static void agree_with_a_sorted_list(void **state)
{
	(void)state;
	uint64_t now_us = 0;
	srand(1);
	for (unsigned i = 0; i < N; i++) {
		timeout_init(&item[i].t, on_item);
		item[i].model_us = TIME_NEVER;
	}
	for (unsigned step = 0; step < 50000; step++) {
		struct item *i = &item[rand() % N];
		if (rand() % 8 < 5) {
			i->model_us = now_us + (unsigned)rand() % 1000;
			timeout_set(&i->t, i->model_us);
		} else if (rand() % 3 != 0) {
			i->model_us = TIME_NEVER;
			timeout_cancel(&i->t);
		} else {
			now_us += (unsigned)rand() % 50;
			unsigned due = model_due(now_us);
			last_called_us = 0;
			calls = 0;
			timeouts_run(now_us);
			assert_int_equal(calls, due);
		}
		assert_int_equal(timeout_pending(&i->t), i->model_us != TIME_NEVER);
		assert_int_equal(timeouts_next(), model_next());
	}
	timeouts_run(UINT64_MAX - 1);
	assert_int_equal(timeouts_next(), TIME_NEVER);
}

static void set_again(struct timeout *t, uint64_t now_us)
{
	calls++;
	timeout_set(t, now_us); /* at once */
}

static void one_that_is_set_again_waits_for_the_next_round(void **state)
{
	struct timeout t;
	(void)state;
	timeout_init(&t, set_again);
	timeout_set(&t, 5);
	calls = 0;
	timeouts_run(10);
	assert_int_equal(calls, 1);
	timeouts_run(10);
	assert_int_equal(calls, 2);
	timeout_cancel(&t);
	assert_int_equal(timeouts_next(), TIME_NEVER);
}

static struct timeout first, second;

static void count_call(struct timeout *t, uint64_t now_us)
{
	(void)t;
	(void)now_us;
	calls++;
}

static void cancel_second(struct timeout *t, uint64_t now_us)
{
	(void)t;
	(void)now_us;
	timeout_cancel(&second);
}

static void move_second(struct timeout *t, uint64_t now_us)
{
	(void)t;
	timeout_set(&second, now_us + 100);
}

static void one_that_is_due_can_still_be_cancelled_or_moved(void **state)
{
	(void)state;
	timeout_init(&first, cancel_second);
	timeout_init(&second, count_call);
	timeout_set(&first, 1);
	timeout_set(&second, 2);
	calls = 0;
	timeouts_run(10);
	assert_int_equal(calls, 0);
	assert_int_equal(timeouts_next(), TIME_NEVER);

	timeout_init(&first, move_second);
	timeout_set(&first, 1);
	timeout_set(&second, 2);
	timeouts_run(10);
	assert_int_equal(calls, 0);
	assert_int_equal(timeouts_next(), 110);
	timeouts_run(110);
	assert_int_equal(calls, 1);
}

/* Rising and falling orders make the longest chains of siblings and of children. */
static void long_chains_need_no_stack(void **state)
{
	(void)state;
	enum { LONG = 1 << 18 };
	struct timeout *t = calloc(LONG, sizeof(*t));
	assert_non_null(t);
	for (int rising = 0; rising < 2; rising++) {
		for (unsigned i = 0; i < LONG; i++) {
			timeout_init(&t[i], count_call);
			timeout_set(&t[i], rising ? i : LONG - i);
		}
		calls = 0;
		timeouts_run(LONG);
		assert_int_equal(calls, LONG);
	}
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agree_with_a_sorted_list),
		cmocka_unit_test(one_that_is_set_again_waits_for_the_next_round),
		cmocka_unit_test(one_that_is_due_can_still_be_cancelled_or_moved),
		cmocka_unit_test(long_chains_need_no_stack),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
