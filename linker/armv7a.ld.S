/* SPDX-License-Identifier: ISC */
/*
 * armv7a: one image of three segments, each of whole pages with access rights of its own.
 *
 *      text    header and code                           read, execute
 *      rodata  constants, embedded files                 read
 *      data    variables, page tables, BSS, stacks       read, write
 *
 * memory.h of the board says
 *
 *      RAM_START         where RAM begins, and where bare ELF loaders leave the device tree
 *      IMAGE_START       where the image runs
 *      IMAGE_LOAD        where an ELF loader puts it; from there, or wherever else a raw binary
 *                        (zImage) was loaded, entry.S moves it to IMAGE_START
 *      IMAGE_BYTES_MAX
 *
 * and may say the sizes of the stacks.
 */
#include "memory.h"

#include "linker/regions.h"

/* Where a loader of the ELF file puts a section. */
#define LOADED(section) AT(ADDR(section) - IMAGE_START + IMAGE_LOAD)

OUTPUT_ARCH(arm)
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
	.text : LOADED(.text) ALIGN(4096)
	{
		MARK(image_start);
		KEEP(*(.text.entry))
		HOT_TEXT
		*(.text .text.*)
	} > ram : text
	PAGE_ALIGN; /* outside the section: the segment in the file is not padded */
	MARK(image_text_end);

	.rodata : LOADED(.rodata) ALIGN(4096)
	{
		*(SORT_BY_ALIGNMENT(.rodata*))
	} > ram : rodata
	PAGE_ALIGN;
	MARK(image_rodata_end);

	.data : LOADED(.data) ALIGN(4096)
	{
		*(SORT_BY_ALIGNMENT(.data*))
		. = ALIGN(4);
		MARK(image_file_end);
	} > ram : data

	/*
	 * Not cleared: SECTION(".bss.noinit"), for what its owner writes before it reads. It stands
	 * before .bss, which would match it too.
	 */
	.noinit : LOADED(.noinit)
	{
		*(SORT_BY_ALIGNMENT(.bss.noinit*))
	} > ram : data

	/* Cleared by the entry code, word by word. */
	.bss : LOADED(.bss) ALIGN(4)
	{
		MARK(bss_start);
		*(.bss .bss.*)
		*(COMMON)
		. = ALIGN(4);
		MARK(bss_end);
	} > ram : data

	.stacks : LOADED(.stacks) ALIGN(4096)
	{
		STACK(irq_stack, IRQ_STACK_BYTES);
		STACK(fault_stack, FAULT_STACK_BYTES);
		STACK(boot_stack, BOOT_STACK_BYTES);
		MARK(image_end);
	} > ram : data

	/* For the header and for moving the image (entry.S). */
	PROVIDE_HIDDEN(image_file_bytes = image_file_end - image_start);
	PROVIDE_HIDDEN(ram_start = RAM_START);

	/* Unwind tables of libgcc's divisions; nothing here unwinds. */
	/DISCARD/ :
	{
		*(.ARM.exidx .ARM.exidx.* .ARM.extab .ARM.extab.* .eh_frame .interp)
	}
}
