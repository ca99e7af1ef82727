/* SPDX-License-Identifier: ISC */
#ifndef ARCH_IMPL_CONTEXT_H
#define ARCH_IMPL_CONTEXT_H

#include <stdbool.h>
#include <ucontext.h>

struct context {
	ucontext_t registers;
	void (*entry)(void *arg);
	void *arg;
	/* For the address sanitizer and valgrind, which must know whose stack is in use. */
	const void *stack;
	size_t stack_bytes;
	void *fake_stack;
	unsigned valgrind_id;
	bool finished;
};

#endif
