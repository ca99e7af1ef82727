/* SPDX-License-Identifier: ISC */
#include "arch/context.h"

#include <stdint.h>
#include <string.h>

#include "base/assert.h"

/* What context_switch() pops from the stack that it continues. */
struct switch_frame {
	uint64_t r15, r14, r13, r12, rbx, rbp;
	void (*resume)(void);
	uint64_t unused[2]; /* keeps the stack aligned to 16 bytes at the call in context_enter */
};

void context_enter(void);

void context_init(struct context *c, void *stack, size_t bytes, void (*entry)(void *arg), void *arg)
{
	assert((uintptr_t)stack % 16 == 0 && bytes >= sizeof(struct switch_frame) + 16);

	struct switch_frame f = {
		.r12 = (uintptr_t)entry,
		.r13 = (uintptr_t)arg,
		.resume = context_enter,
	};
	uint8_t *top = (uint8_t *)stack + ROUND_DOWN(bytes, (size_t)16);
	c->sp = top - sizeof(f);
	memcpy(c->sp, &f, sizeof(f));
}

NORETURN void context_finish(struct context *from, struct context *to)
{
	context_switch(from, to);
	__builtin_unreachable();
}
