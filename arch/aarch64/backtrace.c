/* SPDX-License-Identifier: ISC */
/*
 * Backtraces by scanning the stack for return addresses.
 *
 * Frame records in all functions would be a sixtieth of an image. So every word from the stack
 * pointer up that points behind a call instruction in the text counts. None is missed; one that a
 * finished call left behind may be listed between those that are alive. It ends with the stack,
 * with `max` addresses or, should the stack pointer be damaged, with what is mapped.
 */
#include "arch/cpu.h"

#include <stdbool.h>

#include "arch/aarch64/fault_regs.h"
#include "arch/aarch64/sysreg.h"
#include "arch/image.h"

extern const uintptr_t boot_stack_top[], irq_stack_top[];

/* switch.S: where the function of a context returns to. Its stack ends there. */
extern const uint32_t context_end[];

/* Asks the MMU whether a load from the address would succeed, and from memory, not a device. */
static NOINLINE bool readable(const uintptr_t *address)
{
	uint64_t par;

	__asm__ volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(par)
			 : "r"(address)
			 : "memory");
	return (par & PAR_FAILED) == 0 && par >> PAR_ATTRIBUTES_SHIFT == MAIR_NORMAL;
}

/* A return address without its signature. A hint (XPACLRI), on x30. */
static uintptr_t strip(uintptr_t address)
{
	register uintptr_t x30 __asm__("x30") = address;

	__asm__("hint #7" : "+r"(x30));
	return x30;
}

/* Behind BL or BLR. */
static bool is_return_address(uintptr_t word)
{
	if (word % sizeof(uint32_t) != 0 || word <= (uintptr_t)image_start ||
	    word >= (uintptr_t)image_text_end)
		return false;

	uint32_t call = ((const uint32_t *)word)[-1];
	return (call & 0xfc000000) == 0x94000000 || (call & 0xfffffc1f) == 0xd63f0000;
}

/* `frame` is a stack pointer: everything that is still in use lies at or above it. */
size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame)
{
	const uintptr_t *interrupted =
		(const uintptr_t *)((uintptr_t)irq_stack_top - IRQ_FRAME_BYTES);
	const uintptr_t *at = frame;
	uintptr_t word = 0;
	size_t n = 0;

	if (!readable(at)) /* the stack has overflowed into the page below it */
		at = (const uintptr_t *)ROUND_UP((uintptr_t)at, (uintptr_t)PAGE_BYTES);
	while (n < max && word != (uintptr_t)context_end && at != boot_stack_top && readable(at)) {
		word = strip(*at);
		if (at == interrupted || is_return_address(word))
			addresses[n++] = word;
		if (at++ == interrupted) /* only handlers may read SP_EL0: volatile */
			__asm__ volatile("mrs %0, sp_el0" : "=r"(at));
	}
	return n;
}
