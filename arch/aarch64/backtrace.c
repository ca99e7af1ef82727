/* SPDX-License-Identifier: ISC */
/*
 * The chain of frame records (AAPCS64 6.4.6): each holds the address of the caller's and the
 * return address. The chain may be damaged: it is followed only through mapped memory, `max` steps
 * at most, which also ends a cycle.
 */
#include "arch/cpu.h"

#include <stdbool.h>

#include "arch/aarch64/sysreg.h"

enum {
	PAR_FAILED = 1,
	PAR_ATTRIBUTES_SHIFT = 56,
	MAIR_NORMAL = 0xff,
};

/* Asks the MMU whether a load from the address would succeed, and from memory, not a device. */
static bool readable(uintptr_t address)
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

size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame)
{
	uintptr_t at = (uintptr_t)(frame != NULL ? frame : __builtin_frame_address(0));
	size_t n = 0;

	/* A record is 16 bytes and aligned, so that it lies in one page. */
	while (n < max && at != 0 && (at & 15) == 0 && readable(at)) {
		const uintptr_t *record = (const uintptr_t *)at;
		uintptr_t next = record[0];

		if (record[1] == 0)
			break;
		addresses[n++] = strip(record[1]);
		at = next;
	}
	return n;
}
