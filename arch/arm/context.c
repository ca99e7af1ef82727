/* SPDX-License-Identifier: ISC */
#include "arch/context.h"

#include <string.h>

#include "arch/arm/stack.h"
#include "base/assert.h"

/* What context_switch() leaves on a stack, from the lowest address. */
struct saved {
#ifdef __ARM_PCS_VFP
	uint64_t d8_to_d15[8];
#endif
	uint32_t r3;
	uint32_t r4;
	uint32_t r5;
	uint32_t r6_to_r11[6];
	uint32_t pc;
	uint32_t top_mark[2]; /* not popped: the stack's first words */
};

void context_start(void);

void context_init(struct context *c, void *stack, size_t bytes, void (*entry)(void *arg), void *arg)
{
	assert((uintptr_t)stack % 16 == 0 && bytes % 16 == 0 && bytes > sizeof(struct saved));

	struct saved *s = (struct saved *)(void *)((uint8_t *)stack + bytes) - 1;
	*s = (struct saved){
		.r4 = (uint32_t)entry,
		.r5 = (uint32_t)arg,
		.pc = (uint32_t)context_start,
		.top_mark = {STACK_TOP_MARK, STACK_TOP_MARK},
	};
	c->sp = (uint32_t *)s;
}
