/* SPDX-License-Identifier: ISC */
/* Numbers that assembly and C share. */
#ifndef ARCH_X86_64_LAYOUT_H
#define ARCH_X86_64_LAYOUT_H

/* Selectors of the GDT. */
#define SELECTOR_CODE 0x08
#define SELECTOR_DATA 0x10
#define SELECTOR_TSS  0x18

/*
 * The supply of page tables. The image with its low memory and the devices take five, each further
 * GiB of RAM one; the rest splits 2 MiB pages for mmu_protect(). The entry code borrows the last
 * three until mmu_init() has made the real ones.
 */
#define PAGE_TABLES      16
#define PAGE_TABLE_BYTES 4096
#define BOOT_TABLES      3

/* Exceptions and interrupts run on stacks of their own (SDM 3A 6.14.5): entries of the TSS. */
#define IST_FAULT     1
#define IST_INTERRUPT 2

/* Each vector's entry stub in vectors.S. */
#define STUB_SHIFT 3
#define STUB_BYTES (1 << STUB_SHIFT)

#endif
