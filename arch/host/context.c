/* SPDX-License-Identifier: ISC */
#include "arch/context.h"

#include <stdint.h>

#include "base/assert.h"

/* Requests to valgrind are a few instructions without effect outside it. */
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_STACK_REGISTER(start, end)      0
#define VALGRIND_STACK_DEREGISTER(id)            ((void)(id))
#define VALGRIND_MAKE_MEM_DEFINED(memory, bytes) 0
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define __sanitizer_start_switch_fiber(save, stack, bytes) ((void)(save))
#define __sanitizer_finish_switch_fiber(fake, stack, bytes)                                        \
	((void)(fake), (void)(stack), (void)(bytes))
#define __asan_unpoison_memory_region(memory, bytes) ((void)(memory), (void)(bytes))
#endif

/* Who switched last: the first entry of a context learns from it which stack it came from. */
static struct context *switched_from;

/* Frames that never return leave marks behind, on memory that is now free for other use. */
static void forget_stack(struct context *c)
{
	__asan_unpoison_memory_region((void *)(uintptr_t)c->stack, c->stack_bytes);
	VALGRIND_STACK_DEREGISTER(c->valgrind_id);
	(void)VALGRIND_MAKE_MEM_DEFINED(c->stack, c->stack_bytes);
}

/*
 * The sanitizer tells the bounds of the stack that was left; they are recorded because the first
 * context to switch away, the process's own, was never given to context_init().
 */
static void arrived(void *fake_stack)
{
	const void *stack = switched_from->stack;
	size_t bytes = switched_from->stack_bytes;
	__sanitizer_finish_switch_fiber(fake_stack, &stack, &bytes);
	switched_from->stack = stack;
	switched_from->stack_bytes = bytes;
	if (switched_from->finished)
		forget_stack(switched_from);
}

/* makecontext() passes only int: the pointer comes in two halves. */
static void trampoline(unsigned high, unsigned low)
{
	struct context *c = (struct context *)(uintptr_t)((uint64_t)high << 32 | low);
	arrived(NULL);
	c->entry(c->arg);
	assert(!"a context's entry function returned");
}

void context_init(struct context *c, void *stack, size_t bytes, void (*entry)(void *arg), void *arg)
{
	assert((uintptr_t)stack % 16 == 0);
	int result = getcontext(&c->registers);
	assert(result == 0);
	c->entry = entry;
	c->arg = arg;
	c->stack = stack;
	c->stack_bytes = bytes;
	c->fake_stack = NULL;
	c->finished = false;
	c->valgrind_id = VALGRIND_STACK_REGISTER(stack, (char *)stack + bytes);
	c->registers.uc_stack.ss_sp = stack;
	c->registers.uc_stack.ss_size = bytes;
	c->registers.uc_link = NULL;
	uint64_t at = (uintptr_t)c;
	makecontext(&c->registers, (void (*)(void))(uintptr_t)trampoline, 2, (unsigned)(at >> 32),
		    (unsigned)at);
}

void context_switch(struct context *from, struct context *to)
{
	switched_from = from;
	__sanitizer_start_switch_fiber(&from->fake_stack, to->stack, to->stack_bytes);
	swapcontext(&from->registers, &to->registers);
	arrived(from->fake_stack);
}

void context_finish(struct context *from, struct context *to)
{
	switched_from = from;
	from->finished = true;
	/* NULL: the sanitizer frees what it keeps for `from`. */
	__sanitizer_start_switch_fiber(NULL, to->stack, to->stack_bytes);
	setcontext(&to->registers);
	__builtin_trap();
}
