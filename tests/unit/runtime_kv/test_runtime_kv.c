/* SPDX-License-Identifier: ISC */
/* Fibers, and the event loop, in front of a store that waits and asserts that it is alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "runtime/kv/kv_fiber.h"
#include "runtime/kv/kv_shared.h"
#include "runtime/loop/loop.h"
#include "tests/fakes/kv_memory.h"
#include "tests/unit/fiber/world.h"

enum { FIBERS = 5, ROUNDS = 10, CAPACITY = 4, ROOM_BYTES = 64 << 10 };

static struct kv_memory memory;
static struct kv_shared shared;

/* A store that gives way in each call, as one whose disk is busy. */
static void give_way(void *arg)
{
	(void)arg;
	fiber_yield();
}

static int set_up(void **state)
{
	kv_memory_init(&memory, ROOM_BYTES);
	memory.wait = give_way;
	kv_shared_rw_init(&shared, &memory.rw);
	return world_setup(state);
}

static int tear_down(void **state)
{
	(void)state;
	kv_memory_fini(&memory);
	return 0;
}

/* --- fibers ---------------------------------------------------------------------------------- */

static unsigned at_work;

/* Sets, reads, lists, moves and removes a key of its own, and writes one in pieces. */
static void work(void *arg)
{
	unsigned number = (unsigned)(uintptr_t)arg;
	char key[20], other[20];
	struct kv_rw *kv = &shared.rw;

	snprintf(key, sizeof(key), "f/%u", number);
	snprintf(other, sizeof(other), "g/%u", number);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct kv_cursor cursor = {0};
		struct kv_entry entry;
		struct kv_writer w = {0};
		char out[20];
		if (kv_set(kv, key, strlen(key), key, strlen(key)) != OK ||
		    kv_read(&kv->kv, key, strlen(key), 0, out, sizeof(out)) !=
			    (ssize_t)strlen(key) ||
		    memcmp(out, key, strlen(key)) != 0 ||
		    kv_list(&kv->kv, "f", 1, &cursor, &entry) != OK ||
		    kv_rename(kv, key, strlen(key), other, strlen(other)) != OK ||
		    kv_exists(&kv->kv, key, strlen(key)) != ERR_NOTFOUND ||
		    kv_remove(kv, other, strlen(other)) != OK || kv_sync(kv) != OK)
			return;
		enum err e = kv_open(kv, &w, key, strlen(key));
		if (e == ERR_NOMEM)
			continue; /* two at a time */
		if (e != OK || w.kv != kv || kv_append(&w, key, 1) != OK ||
		    kv_append(&w, key, 2) != OK || kv_close(&w, true) != OK)
			return;
	}
	at_work--;
}

static void each_call_of_each_fiber_is_alone(void **state)
{
	static struct fiber fibers[FIBERS];

	(void)state;
	at_work = FIBERS;
	for (unsigned i = 0; i < FIBERS; i++)
		spawn(&fibers[i], work, (void *)(uintptr_t)i);
	for (unsigned i = 0; i < FIBERS; i++)
		run_until_ended(&fibers[i]);
	assert_int_equal(at_work, 0);
	assert_true(memory.calls > FIBERS * ROUNDS * 7);
}

static void a_store_to_read_stays_one(void **state)
{
	struct kv_shared read_only;

	(void)state;
	kv_shared_init(&read_only, &memory.rw.kv);
	assert_true(read_only.rw.kv.ops->waits);
	assert_false(read_only.rw.kv.ops->constant);
	assert_null(read_only.rw.ops);
}

/* --- the queue ------------------------------------------------------------------------------- */

struct question {
	struct kv_request request;
	char key[10];
	unsigned calls, answers;
	ssize_t result;
	struct fiber *caller; /* in which done() came */
};

static struct kv_fiber queue;
static struct task task;

static ssize_t ask(struct kv_request *r)
{
	struct question *q = container_of(r, struct question, request);
	char byte;

	q->calls++;
	ssize_t n = kv_read(&shared.rw.kv, q->key, strlen(q->key), 0, &byte, 1);
	return n == 1 ? byte : n;
}

static void answered(struct kv_request *r, ssize_t result)
{
	struct question *q = container_of(r, struct question, request);

	q->answers++;
	q->result = result;
	q->caller = fiber_current();
}

static void question_init(struct question *q, const char *key)
{
	*q = (struct question){.request = {.call = ask, .done = answered}};
	snprintf(q->key, sizeof(q->key), "%s", key);
}

static void start_queue(void)
{
	task_add(&task, "queue", kv_fiber_poll, &queue);
	assert_int_equal(kv_fiber_start(&queue, CAPACITY, STACK_BYTES, task_waker(&task)), OK);
}

static struct fiber waiter;

static void wait_a_while(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 50; i++)
		fiber_yield();
}

/* Lets the loop run until nothing is left to do. */
static void run(void)
{
	spawn(&waiter, wait_a_while, NULL);
	run_until_ended(&waiter);
}

static void put_first_letters(void)
{
	memory.wait = NULL;
	kv_memory_put(&memory, "a", "A");
	kv_memory_put(&memory, "b", "B");
	memory.wait = give_way;
}

static void questions_are_answered_from_the_loop(void **state)
{
	static const char *const keys[] = {"a", "b", "none"};
	static const ssize_t answers[] = {'A', 'B', ERR_NOTFOUND};
	struct question q[3];

	(void)state;
	put_first_letters();
	start_queue();
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		question_init(&q[i], keys[i]);
		assert_int_equal(kv_queue_submit(&queue.queue, &q[i].request), OK);
		assert_int_equal(q[i].answers, 0);
	}
	run();
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		assert_int_equal(q[i].answers, 1);
		assert_int_equal(q[i].calls, 1);
		assert_int_equal(q[i].result, answers[i]);
		assert_null(q[i].caller);
	}
	assert_int_equal(queue.requests, 0);
	task_remove(&task);
}

static void a_full_queue_says_so(void **state)
{
	struct question q[CAPACITY + 1];

	(void)state;
	put_first_letters();
	start_queue();
	for (unsigned i = 0; i <= CAPACITY; i++) {
		question_init(&q[i], "a");
		assert_int_equal(kv_queue_submit(&queue.queue, &q[i].request),
				 i < CAPACITY ? OK : ERR_AGAIN);
	}
	assert_int_equal(queue.stats.refused, 1);
	run();
	assert_int_equal(q[0].answers, 1);
	assert_int_equal(q[CAPACITY].answers, 0);
	assert_int_equal(kv_queue_submit(&queue.queue, &q[CAPACITY].request), OK);
	run();
	assert_int_equal(q[CAPACITY].result, 'A');
	task_remove(&task);
}

static void what_has_not_begun_can_be_cancelled(void **state)
{
	struct question q[3];

	(void)state;
	put_first_letters();
	start_queue();
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		question_init(&q[i], "a");
		assert_int_equal(kv_queue_submit(&queue.queue, &q[i].request), OK);
	}
	kv_queue_cancel(&queue.queue, &q[1].request);
	assert_int_equal(q[1].answers, 0); /* never inside the call */
	kv_queue_cancel(&queue.queue, &q[1].request);
	run();
	assert_int_equal(q[0].result, 'A');
	assert_int_equal(q[1].result, ERR_CANCELLED);
	assert_int_equal(q[1].calls, 0);
	assert_int_equal(q[1].answers, 1);
	assert_int_equal(q[2].result, 'A');
	assert_int_equal(queue.stats.cancelled, 1);
	kv_queue_cancel(&queue.queue, &q[0].request); /* too late: nothing */
	run();
	assert_int_equal(q[0].answers, 1);
	task_remove(&task);
}

static void errors_of_the_medium_are_answers(void **state)
{
	struct question q;

	(void)state;
	put_first_letters();
	start_queue();
	question_init(&q, "a");
	kv_memory_break(&memory, 0, ERR_TIMEOUT);
	assert_int_equal(kv_queue_submit(&queue.queue, &q.request), OK);
	run();
	assert_int_equal(q.result, ERR_TIMEOUT);
	task_remove(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_call_of_each_fiber_is_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_store_to_read_stays_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(questions_are_answered_from_the_loop, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_full_queue_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_has_not_begun_can_be_cancelled, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(errors_of_the_medium_are_answers, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
