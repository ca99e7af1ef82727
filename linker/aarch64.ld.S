/* SPDX-License-Identifier: ISC */
/*
 * aarch64: one image of three segments, each of whole pages with access rights of its own, that
 * runs where it is loaded.
 *
 *      text    header and code                           read, execute
 *      rodata  constants, embedded files                 read
 *      data    variables, BSS, page tables, stacks       read, write
 *
 * memory.h of the board says RAM_START, IMAGE_START, IMAGE_BYTES_MAX, and may say the sizes of
 * the stacks. The ELF and the raw binary (arm64 Image) have the same addresses.
 */
#include "memory.h"

#include "linker/regions.h"

OUTPUT_ARCH(aarch64)
ENTRY(entry)

MEMORY
{
	REGION(ram, rwx, IMAGE_START, IMAGE_BYTES_MAX)
}

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	.text : ALIGN(4096)
	{
		MARK(image_start);
		KEEP(*(.text.header))
		/*
		 * The vectors begin at a multiple of 2 KiB: what is in every image fills the gap
		 * (and no more than that: else there is one of 2 KiB).
		 * Code that fits lies in the slots, behind the vectors.
		 */
		*(.text.entry)
		*(.text.mmu_* .text.change .text.change.* .text.set_entry .text.set_entry.*)
		*(.text.boot_random)
		*(.text.cpu_backtrace .text.cpu_backtrace.*)
		. = ALIGN(0x800);
		KEEP(*(.text.vector_0))
		*(.text.slot_0)
		KEEP(*(.text.vector_1))
		KEEP(*(.text.vector_2))
		KEEP(*(.text.vector_3))
		KEEP(*(.text.vector_4))
		KEEP(*(.text.vector_5))
		*(.text.slot_5)
		KEEP(*(.text.vector_6))
		*(.text.slot_6)
		KEEP(*(.text.vector_7))
		HOT_TEXT
		*(.text .text.*)
	} > ram : text
	PAGE_ALIGN; /* outside the section: the segment in the file is not padded */
	MARK(image_text_end);

	.rodata : ALIGN(4096)
	{
		*(SORT_BY_ALIGNMENT(.rodata*))
	} > ram : rodata
	PAGE_ALIGN;
	MARK(image_rodata_end);

	.data : ALIGN(4096)
	{
		*(SORT_BY_ALIGNMENT(.data*))
	} > ram : data

	/*
	 * Not cleared: SECTION(".bss.noinit"), for what its owner writes before it reads. It stands
	 * before .bss, which would match it too.
	 */
	.noinit (NOLOAD) : ALIGN(4096)
	{
		MARK(page_tables_start);
		*(.bss.noinit.page_tables)
		*(.bss.noinit.page_tables_used)
		MARK(page_tables_end);
		*(.bss.noinit .bss.noinit.*)
	} > ram : data

	/* Cleared by the entry code, which stores 64 bytes at a time. */
	.bss (NOLOAD) : ALIGN(64)
	{
		MARK(bss_start);
		*(.bss .bss.*)
		*(COMMON)
		. = ALIGN(64);
		MARK(bss_end);
	} > ram : data

	.stacks (NOLOAD) : ALIGN(4096)
	{
		STACK(irq_stack, IRQ_STACK_BYTES);
		STACK(fault_stack, FAULT_STACK_BYTES);
		STACK(boot_stack, BOOT_STACK_BYTES);
		PAGE_ALIGN;
		MARK(image_end);
	} > ram : data

	ASSERT(vector_7 == vectors + 7 * 0x80, "what lies behind an exception vector is too long")

	/* For the header (entry.S). */
	PROVIDE_HIDDEN(image_offset = IMAGE_START - RAM_START);
	PROVIDE_HIDDEN(image_bytes = image_end - image_start);

	/DISCARD/ :
	{
		*(.eh_frame .eh_frame_hdr .note.GNU-stack .note.gnu.property .interp)
	}
}
