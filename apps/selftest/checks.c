/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/selftest/selftest.h"
#include "base/attr.h"
#include "hal/board.h"
#include "hal/dma_memory.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/fiber/sync.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/loop/timeout.h"

enum { STACK_BYTES = 8 << 10, MESSAGES = 100 };

static struct fiber first, second;

static bool sleep_takes_its_time(void)
{
	uint64_t before_us = time_now_us();
	fiber_sleep(5000);
	uint64_t slept_us = time_now_us() - before_us;
	return slept_us >= 5000 && slept_us < 1000000;
}

static unsigned called;
static uint64_t called_us;

static void on_timeout(struct timeout *t, uint64_t now_us)
{
	(void)t;
	called++;
	called_us = now_us;
}

static bool timeouts_come_once_and_not_early(void)
{
	struct timeout t, cancelled;
	uint64_t deadline_us = time_now_us() + 3000;
	called = 0;
	timeout_init(&t, on_timeout);
	timeout_init(&cancelled, on_timeout);
	timeout_set(&cancelled, deadline_us + 1000);
	timeout_set(&t, deadline_us);
	timeout_cancel(&cancelled);
	fiber_sleep(10000);
	return called == 1 && called_us >= deadline_us;
}

static bool idle_time_is_counted(void)
{
	uint64_t before_us = loop_idle_us();
	fiber_sleep(20000);
	return loop_idle_us() - before_us > 10000;
}

static uint32_t trail;

static void leave_trail(void *digit)
{
	for (unsigned i = 0; i < 3; i++) {
		trail = trail * 10 + (uint32_t)(uintptr_t)digit;
		fiber_yield();
	}
}

static bool fibers_take_turns(void)
{
	trail = 0;
	if (fiber_spawn(&first, "first", STACK_BYTES, leave_trail, (void *)1) != OK ||
	    fiber_spawn(&second, "second", STACK_BYTES, leave_trail, (void *)2) != OK)
		return false;
	fiber_join(&first);
	fiber_join(&second);
	return trail == 121212;
}

static struct channel channel;

static void send_messages(void *arg)
{
	(void)arg;
	for (uint32_t i = 1; i <= MESSAGES; i++) {
		if (channel_send(&channel, &i, TIME_NEVER) != OK)
			return;
	}
	channel_close(&channel);
}

static bool a_channel_carries_everything(void)
{
	uint32_t room[4], n, sum = 0;
	channel_init(&channel, room, sizeof(room[0]), ARRAY_SIZE(room));
	if (fiber_spawn(&first, "sender", STACK_BYTES, send_messages, NULL) != OK)
		return false;
	while (channel_receive(&channel, &n, TIME_NEVER) == OK)
		sum += n;
	fiber_join(&first);
	return sum == MESSAGES * (MESSAGES + 1) / 2;
}

static bool stacks_are_measured_and_returned(void)
{
	size_t before = heap_used_bytes(runtime_heap());
	if (fiber_spawn(&first, "first", STACK_BYTES, leave_trail, (void *)1) != OK)
		return false;
	fiber_yield();
	size_t used = fiber_stack_used(&first);
	fiber_join(&first);
	return used > 0 && used < first.stack_bytes && heap_used_bytes(runtime_heap()) == before;
}

static bool memory_is_zeroed_and_grows(void)
{
	uint8_t *p = calloc(100, 10);
	if (p == NULL)
		return false;
	bool zero = true;
	for (unsigned i = 0; i < 1000; i++)
		zero = zero && p[i] == 0;
	memset(p, 7, 1000);
	uint8_t *q = realloc(p, 3000);
	bool kept = q != NULL && q[0] == 7 && q[999] == 7;
	free(q != NULL ? q : p);
	return zero && kept && heap_alloc(runtime_heap(), SIZE_MAX / 2) == NULL;
}

static bool numbers_print_in_full(void)
{
	char text[80];
	snprintf(text, sizeof(text), "%llu %zu %ld %s", 0x123456789abcdefull, (size_t)42, -5l,
		 "end");
	return strcmp(text, "81985529216486895 42 -5 end") == 0;
}

static ALIGNED(PAGE_BYTES) uint8_t shared[PAGE_BYTES];

/* What is in it, also what was in the caches alone, is still there, and can be changed. */
static bool memory_shared_with_devices_is_memory(void)
{
	static const char text[] = "descriptors";

	memcpy(shared + 1, text, sizeof(text));
	if (dma_memory_share(shared, sizeof(shared)) != OK ||
	    memcmp(shared + 1, text, sizeof(text)) != 0)
		return false;
	memset(shared, 0x5a, sizeof(shared));
	for (size_t i = 0; i < sizeof(shared); i++) {
		if (shared[i] != 0x5a)
			return false;
	}
	return dma_memory_is_shared(shared, sizeof(shared));
}

enum { RUN_BYTES = 150, PLACES = 20 }; /* longer than what is copied at once */

static uint8_t memory[RUN_BYTES + 2 * PLACES], expected[sizeof(memory)];

/* Moves `n` bytes from place to place, byte by byte beside it, and compares all of the memory. */
static bool moves_right(size_t to, size_t from, size_t n)
{
	uint8_t run[RUN_BYTES];

	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = expected[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < n; i++)
		run[i] = memory[from + i];
	for (size_t i = 0; i < n; i++)
		expected[to + i] = run[i];
	return memmove(memory + to, memory + from, n) == memory + to &&
	       memcmp(memory, expected, sizeof(memory)) == 0;
}

static bool sets_right(size_t to, size_t n)
{
	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = expected[i] = (uint8_t)i;
	for (size_t i = 0; i < n; i++)
		expected[to + i] = 0xa5;
	return memset(memory + to, 0x1a5, n) == memory + to &&
	       memcmp(memory, expected, sizeof(memory)) == 0;
}

static bool bytes_are_moved_and_set(void)
{
	for (size_t n = 0; n <= RUN_BYTES; n++) {
		for (size_t place = 0; place < PLACES; place++) {
			if (!moves_right(place, PLACES / 2, n) ||
			    !moves_right(PLACES / 2, place, n) ||
			    !moves_right(2 * PLACES, place, MIN(n, RUN_BYTES - PLACES)) ||
			    !sets_right(place, n))
				return false;
		}
	}
	return true;
}

/* Two equal runs, then the first is less at `at`, and more at the end. */
static bool compares_right(size_t a, size_t b, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		memory[a + i] = expected[b + i] = (uint8_t)(i + 100);
	memory[a + n] = 1; /* beyond the ends */
	expected[b + n] = 2;
	if (memcmp(memory + a, expected + b, n) != 0)
		return false;
	if (at == n)
		return true;
	memory[a + n - 1] = 0xff;
	memory[a + at] = 0x7f;
	expected[b + at] = 0x80;
	return memcmp(memory + a, expected + b, n) < 0 && memcmp(expected + b, memory + a, n) > 0;
}

static bool bytes_are_compared(void)
{
	for (size_t n = 0; n <= 40; n++) {
		for (size_t at = 0; at <= n; at++) {
			if (!compares_right(at % 9, n % 8, n, at))
				return false;
		}
	}
	return true;
}

static struct rng *generator;

static bool random_numbers_differ(void)
{
	uint8_t a[16], b[16];
	enum err e = rng_read(generator, a, sizeof(a));
	if (e == ERR_NOTREADY)
		return board_entropy(a, sizeof(a)) == 0; /* rightly, on a board without a source */
	return e == OK && rng_read(generator, b, sizeof(b)) == OK && memcmp(a, b, sizeof(a)) != 0;
}

static struct timer *board_time;

static bool the_timer_goes_forward(void)
{
	uint64_t before_us = timer_now_us(board_time);
	fiber_sleep(1000);
	return timer_now_us(board_time) - before_us >= 1000;
}

int run_checks(struct timer *timer, struct rng *rng)
{
	static const struct {
		const char *name;
		bool (*run)(void);
	} checks[] = {
		{"the timer goes forward", the_timer_goes_forward},
		{"a sleep takes its time", sleep_takes_its_time},
		{"timeouts come once and not early", timeouts_come_once_and_not_early},
		{"idle time is counted", idle_time_is_counted},
		{"fibers take turns", fibers_take_turns},
		{"a channel carries everything", a_channel_carries_everything},
		{"stacks are measured and returned", stacks_are_measured_and_returned},
		{"memory is zeroed and grows", memory_is_zeroed_and_grows},
		{"memory shared with devices is memory", memory_shared_with_devices_is_memory},
		{"numbers print in full", numbers_print_in_full},
		{"bytes are moved and set", bytes_are_moved_and_set},
		{"bytes are compared", bytes_are_compared},
		{"random numbers differ", random_numbers_differ},
	};
	int failed = 0;

	board_time = timer;
	generator = rng;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		bool good = checks[i].run();
		failed += !good;
		console_printf("%-6s %s\n", good ? "ok" : "FAILED", checks[i].name);
	}
	return failed;
}
