/* SPDX-License-Identifier: ISC */
/*
 * x86-64: one image of three segments, each of whole pages with access rights of its own, that runs
 * where it is loaded, and the note that names its PVH entry point.
 *
 *      text    code                                      read, execute
 *      rodata  notes, constants, embedded files          read
 *      data    variables, BSS, page tables, stacks       read, write
 *
 * memory.h of the board says IMAGE_START (below 1 GiB, on a page) and IMAGE_BYTES_MAX, and may say
 * the sizes of the stacks.
 */
#include "memory.h"

#include "linker/regions.h"

OUTPUT_ARCH(i386:x86-64)
ENTRY(entry)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

SECTIONS
{
	. = IMAGE_START;
	.text :
	{
		MARK(image_start);
		KEEP(*(.text.entry .text.entry.*))
		HOT_TEXT
		*(.text .text.*)
	} : text
	PAGE_ALIGN;
	MARK(image_text_end);

	/* The section itself is aligned to 4 bytes: loaders conclude from it how notes are. */
	.note :
	{
		KEEP(*(.note.pvh))
	} : rodata : note

	.rodata :
	{
		*(SORT_BY_ALIGNMENT(.rodata*))
	} : rodata
	PAGE_ALIGN;
	MARK(image_rodata_end);

	.data :
	{
		*(SORT_BY_ALIGNMENT(.data*))
	} : data

	/*
	 * Not cleared: SECTION(".bss.noinit"), for what its owner writes before it reads. It stands
	 * before .bss, which would match it too.
	 */
	.noinit (NOLOAD) : ALIGN(4096)
	{
		*(.bss.noinit.page_tables)
		*(.bss.noinit .bss.noinit.*)
	} : data

	/* Cleared by the entry code, which stores 8 bytes at a time. */
	.bss (NOLOAD) : ALIGN(16)
	{
		MARK(bss_start);
		*(.bss .bss.*)
		*(COMMON)
		. = ALIGN(16);
		MARK(bss_end);
	} : data

	.stacks (NOLOAD) : ALIGN(4096)
	{
		STACK(irq_stack, IRQ_STACK_BYTES);
		STACK(fault_stack, FAULT_STACK_BYTES);
		STACK(boot_stack, BOOT_STACK_BYTES);
		PAGE_ALIGN;
		MARK(image_end);
	} : data

	ASSERT(image_end - image_start <= IMAGE_BYTES_MAX, "the image is larger than memory.h allows")

	/DISCARD/ :
	{
		*(.eh_frame .eh_frame_hdr .note.GNU-stack .note.gnu.property .interp)
	}
}
