/* SPDX-License-Identifier: ISC */
/*
 * Backtraces by scanning the stack for return addresses.
 *
 * GCC's Thumb code has no chain of frame pointers, and unwind tables with an interpreter for them
 * would be a tenth of a small image. So every word between the stack pointer and the mark at the
 * stack's top that points behind a call instruction in the text counts. None is missed; one that a
 * finished call left behind may be listed between those that are alive.
 */
#include "arch/cpu.h"

#include "arch/arm/address_space.h"
#include "arch/arm/stack.h"
#include "arch/image.h"

enum { SCAN_WORDS_MAX = 4096 };

/* Thumb, and behind BL or BLX (immediate, 4 bytes, or register, 2 bytes: A8.8.25, A8.8.26). */
static bool is_return_address(uintptr_t word)
{
	if ((word & 1) == 0 || word < (uintptr_t)image_start + 4 ||
	    word >= (uintptr_t)image_text_end)
		return false;

	const uint16_t *after = (const uint16_t *)(word - 1);
	bool bl = (after[-2] & 0xf800) == 0xf000 && (after[-1] & 0xc000) == 0xc000;
	bool blx = (after[-1] & 0xff87) == 0x4780;
	return bl || blx;
}

/* `frame` is a stack pointer: everything that is still in use lies at or above it. */
size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame)
{
	uintptr_t sp = (uintptr_t)frame;
	size_t n = 0;

	if (mmu_is_guard(sp)) /* the stack has overflowed */
		sp = ROUND_UP(sp + 1, (uintptr_t)PAGE_BYTES);
	const uint32_t *at = (const uint32_t *)ROUND_DOWN(sp, (uintptr_t)sizeof(*at));
	for (unsigned i = 0; i < SCAN_WORDS_MAX && n < max; i++, at++) {
		if (!mmu_is_data((uintptr_t)at) || *at == STACK_TOP_MARK)
			break;
		if (is_return_address(*at))
			addresses[n++] = *at - 1;
	}
	return n;
}
