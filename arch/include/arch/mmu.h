/* SPDX-License-Identifier: ISC */
/*
 * The address space: one, with virtual equal to physical addresses.
 *
 * Before start() runs, the architecture has mapped the image with write xor execute
 * (text RX, rodata R, data RW), the RAM beyond it RW, the board's device windows as
 * device memory, and nothing else: page zero is unmapped. The page below each
 * architecture stack is a guard. All ranges are whole pages of PAGE_BYTES.
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum mmu_access {
	MMU_NONE,     /* any access faults: guard pages */
	MMU_READ,     /* read only */
	MMU_RW,       /* read and write, never execute */
	MMU_DEVICE,   /* read and write, device memory, never execute */
	MMU_UNCACHED, /* as MMU_RW, and caches leave it alone: for a driver by hal/dma_memory.h.
			 Where devices are coherent with the caches, or there are none, it is MMU_RW
		       */
};

/*
 * Changes the access of a range. ERR_NOMEM when the fixed supply of page tables is used up; then
 * nothing has changed. Where there is no MMU: mprotect (host), or OK without effect for guards that
 * an MPU has no region left for.
 */
MUST_USE enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access);

/*
 * Whether a device sees what the processor writes to the address without cache maintenance: it was
 * made MMU_UNCACHED, or no memory needs it here.
 */
bool mmu_is_uncached(uintptr_t address);

/* What the board has mapped before start(): whole pages. */
struct mmu_region {
	uintptr_t start;
	size_t bytes;
	enum mmu_access access;
};

/*
 * The board's table, ended by an entry of no bytes. The entry code reads it before there is an
 * address space: it must be constant. Regions on 2 MiB boundaries cost no page tables.
 */
extern const struct mmu_region board_regions[];

#endif
