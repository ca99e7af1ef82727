/* SPDX-License-Identifier: ISC */
#include "tests/unit/fiber/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/heap/heap.h"
#include "runtime/panic.h"
#include "runtime/start.h"
#include "tests/fakes/machine.h"

char trace[128];

static struct heap heap;
static ALIGNED(PAGE_BYTES) uint8_t heap_memory[4 << 20];

struct heap *runtime_heap(void)
{
	return &heap;
}

void panic(const char *format, ...)
{
	mock_assert(0, format, __FILE__, __LINE__);
	abort();
}

const char *panic_fiber;

int stopped_with;

void stop(int status)
{
	stopped_with = status;
	fiber_park_forever();
}

void stop_with_error(const char *format, ...)
{
	mock_assert(0, format, __FILE__, __LINE__);
	abort();
}

void *memory_take_last(const char *what, size_t align, size_t bytes)
{
	void *p = heap_alloc_aligned(&heap, align, bytes);
	if (p == NULL)
		stop_with_error("too little memory: %s", what);
	return p;
}

int world_setup(void **state)
{
	(void)state;
	heap_init(&heap);
	heap_add_region(&heap, heap_memory, sizeof(heap_memory));
	machine_init(0);
	trace[0] = '\0';
	stopped_with = -1;
	return 0;
}

void note(const char *what)
{
	strncat(trace, what, sizeof(trace) - strlen(trace) - 1);
}

void spawn(struct fiber *f, void (*fn)(void *arg), void *arg)
{
	assert_int_equal(fiber_spawn(f, "test", STACK_BYTES, fn, arg), OK);
}

void run_until_ended(struct fiber *f)
{
	machine_run_until(&f->ended, 1000);
}
