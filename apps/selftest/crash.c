/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "apps/selftest/selftest.h"
#include "base/assert.h"
#include "base/attr.h"
#include "hal/board.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/panic.h"
#include "runtime/time.h"

/* Volatile, so that the compiler does not see what is wrong. */
static volatile uintptr_t zero;
static volatile size_t too_many = 64;
static uint8_t data[64];

static void fail_assertion(void)
{
	assert(zero == 1);
}

static void read_null(void)
{
	zero = *(volatile uint32_t *)(zero + 16);
}

NOINLINE static uintptr_t recurse(uintptr_t n)
{
	volatile uint8_t frame[256];
	frame[n % sizeof(frame)] = (uint8_t)n;
	/* What is added afterwards keeps it from becoming a loop. */
	return zero == n + 1 ? 0 : recurse(n + 1) + frame[n % sizeof(frame)];
}

static void overflow_stack(void)
{
	zero = recurse(1);
}

static void write_text(void)
{
	*(volatile uint8_t *)((uintptr_t)write_text & ~(uintptr_t)3) = 0;
}

static void write_constant(void)
{
	*(volatile char *)(uintptr_t)crash_ways = 'x';
}

static void run_data(void)
{
	void (*volatile entry)(void) = (void (*)(void))(uintptr_t)data;
	entry();
}

/* All ones are an instruction on no machine. Not __builtin_trap(), which is what assert() uses. */
static const uint32_t nonsense[4] SECTION(".text.nonsense") = {UINT32_MAX, UINT32_MAX, UINT32_MAX,
							       UINT32_MAX};

static void undefined(void)
{
	void (*volatile entry)(void) = (void (*)(void))(uintptr_t)nonsense;
	entry();
}

NOINLINE static void smash_stack(void)
{
	volatile uint8_t small[16];
	for (size_t i = 0; i < too_many; i++)
		small[i] = 0x55;
	zero = small[0];
}

static void free_twice(void)
{
	void *volatile p = heap_alloc(runtime_heap(), 100);
	heap_free(runtime_heap(), p);
	heap_free(runtime_heap(), p);
}

static void call_panic(void)
{
	panic("as was asked for");
}

static void fail_in_handler(void *arg)
{
	assert(*(volatile uintptr_t *)arg == 1);
}

/* The alarm is the loop's, which will not need it any more; it comes while the loop waits. */
static void fail_in_interrupt(void)
{
	struct timer *timer = board_timer();

	timer->alarm = (struct waker){fail_in_handler, (void *)(uintptr_t)&zero};
	timer_arm(timer, time_now_us() + US_PER_MS);
	fiber_sleep(US_PER_S);
}

static const struct {
	const char *way;
	void (*run)(void);
} ways[] = {
	{"assert", fail_assertion},       {"null", read_null},
	{"stack", overflow_stack},        {"write-text", write_text},
	{"run-data", run_data},           {"undefined", undefined},
	{"write-const", write_constant},  {"smash", smash_stack},
	{"free-twice", free_twice},       {"panic", call_panic},
	{"interrupt", fail_in_interrupt},
};

const char crash_ways[] = "assert null stack write-text write-const run-data undefined smash "
			  "free-twice panic interrupt";

void crash(const char *way)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(ways[i].way, way) == 0)
			ways[i].run();
	}
}
