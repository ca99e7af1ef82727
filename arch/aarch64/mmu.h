/* SPDX-License-Identifier: ISC */
/*
 * The page tables (Arm ARM D8): granule 4 KiB, addresses of 39 bits, so three levels of tables of
 * 512 entries, whose entries map 1 GiB, 2 MiB and 4 KiB. Identity map. Tables come from a fixed
 * pool and are never given back: a table that was split once is split for good.
 *
 * mmu_change() works with the MMU off, for the first map, and on.
 */
#ifndef ARCH_AARCH64_MMU_H
#define ARCH_AARCH64_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	MMU_ADDRESS_BITS = 39,
	MMU_TABLES = 12, /* one each for: root, devices, RAM, image; the rest for splits */
};

#define MMU_ADDRESS_END (UINT64_C(1) << MMU_ADDRESS_BITS)

/* Attributes of a block or page descriptor (Arm ARM D8.3). */
#define PTE_DEVICE    (UINT64_C(0) << 2) /* MAIR 0 */
#define PTE_NORMAL    (UINT64_C(1) << 2) /* MAIR 1 */
#define PTE_UNCACHED  (UINT64_C(2) << 2) /* MAIR 2 */
#define PTE_READ_ONLY (UINT64_C(1) << 7)
#define PTE_INNER     (UINT64_C(3) << 8) /* inner shareable */
#define PTE_ACCESSED  (UINT64_C(1) << 10)
#define PTE_GUARDED   (UINT64_C(1) << 50) /* indirect branches must hit a landing pad */
#define PTE_PXN       (UINT64_C(1) << 53)
#define PTE_UXN       (UINT64_C(1) << 54)

/* What mmu_change() is given for pages that any access to is a fault. */
#define MMU_ATTRIBUTES_GUARD UINT64_C(0)

#define MMU_ATTRIBUTES_RW       (PTE_NORMAL | PTE_INNER | PTE_ACCESSED | PTE_PXN | PTE_UXN)
#define MMU_ATTRIBUTES_READ     (MMU_ATTRIBUTES_RW | PTE_READ_ONLY)
#define MMU_ATTRIBUTES_TEXT     (PTE_NORMAL | PTE_INNER | PTE_ACCESSED | PTE_READ_ONLY | PTE_UXN)
#define MMU_ATTRIBUTES_DEVICE   (PTE_DEVICE | PTE_ACCESSED | PTE_PXN | PTE_UXN)
#define MMU_ATTRIBUTES_UNCACHED (PTE_UNCACHED | PTE_INNER | PTE_ACCESSED | PTE_PXN | PTE_UXN)

/* Empties the root table and returns its address. */
uintptr_t mmu_tables_init(void);

/* As mmu_protect(), with attributes. */
MUST_USE enum err mmu_change(uintptr_t start, size_t bytes, uint64_t attributes);

/* Whether the page was made MMU_NONE, as opposed to never mapped. */
bool mmu_is_guard(uintptr_t address);

#endif
