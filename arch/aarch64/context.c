/* SPDX-License-Identifier: ISC */
/*
 * New contexts: a stack that looks as if the context had called context_switch().
 */
#include "arch/context.h"

#include <stdint.h>

#include "base/assert.h"

/* switch.S: the registers on the stack, and where a new context begins. */
struct saved {
	uint64_t x19_to_x28[10];
	uint64_t x29, x30;
	uint64_t d8_to_d15[8];
};
_Static_assert(sizeof(struct saved) == 160, "switch.S knows the layout");

void context_start(void);

/*
 * Signs a return address as PACIASP would with this stack pointer. A hint: it does nothing
 * where there is no pointer authentication.
 */
static uint64_t sign(uint64_t address, uint64_t sp)
{
	register uint64_t x17 __asm__("x17") = address;
	register uint64_t x16 __asm__("x16") = sp;

	__asm__("hint #8" /* pacia1716 */ : "+r"(x17) : "r"(x16));
	return x17;
}

void context_init(struct context *c, void *stack, size_t bytes, void (*entry)(void *arg), void *arg)
{
	uintptr_t top = ((uintptr_t)stack + bytes) & ~(uintptr_t)15;
	struct saved *s = (struct saved *)(top - sizeof(struct saved));

	assert(((uintptr_t)stack & 15) == 0 && bytes >= 2 * sizeof(struct saved));
	*s = (struct saved){
		.x19_to_x28 = {(uintptr_t)entry, (uintptr_t)arg},
		.x30 = sign((uintptr_t)context_start, top),
	};
	c->sp = s;
}
