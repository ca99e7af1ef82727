/* SPDX-License-Identifier: ISC */
/*
 * armv7m: an image in flash memory, which runs where it is stored; what it writes to is in RAM.
 *
 *      flash   vectors, code, constants, and the initial values of variables
 *      RAM     stacks, variables, BSS; the heap has the rest
 *
 * The boot stack is at the bottom: below it there is no memory, so that it needs no guard, and no
 * frame is large enough to jump over it. What the handlers need of theirs, above it, is known when
 * the image is made (tools/stack.py). What is used all the time stays away from the guard of page
 * zero: an emulator, whose pages are larger, looks up each access beside it anew.
 *
 * memory.h of the board says FLASH_START, where the processor looks for its vectors, FLASH_BYTES,
 * RAM_START and RAM_BYTES, and may say the sizes of the stacks. FLASH_BYTES and RAM_BYTES are powers
 * of two, to which the start addresses are aligned, as the MPU wants it.
 */
#include "memory.h"

#include "linker/regions.h"

/* What the image at hand needs, if that is more than the board says. */
#ifndef BOOT_STACK_NEEDS
#define BOOT_STACK_NEEDS 0
#endif

OUTPUT_ARCH(arm)
ENTRY(entry)

MEMORY
{
	REGION(flash, rx, FLASH_START, FLASH_BYTES)
	REGION(ram, rw, RAM_START, RAM_BYTES)
}

PHDRS
{
	text PT_LOAD FLAGS(5);
	stacks PT_LOAD FLAGS(6);
	data PT_LOAD FLAGS(6);
	bss PT_LOAD FLAGS(6);
}

SECTIONS
{
	.text :
	{
		KEEP(*(.text.vectors))
		MARK(image_start); /* behind page zero, which cannot be read */
		*(.text.entry .text.vector_fault .text.armv7m_start .text.fault_trap)
		HOT_TEXT
		*(.text .text.*)
		MARK(image_text_end);
	} > flash : text

	.rodata : ALIGN(4)
	{
		*(SORT_BY_ALIGNMENT(.rodata*))
		. = ALIGN(4);
	} > flash : text

	.stacks (NOLOAD) : AT(ADDR(.stacks))
	{
		MARK(image_rodata_end);
		SHOW(boot_stack_bottom);
		. += MAX(BOOT_STACK_BYTES, BOOT_STACK_NEEDS);
		SHOW(boot_stack_top);
		/* Exceptions and interrupts share one: a report finds room below an interrupt's frames. */
		SHOW(irq_stack_bottom); /* which reaches into that of faults */
		. += FAULT_STACK_BYTES;
		MARK(handler_stack_fault); /* above it a fault's report finds room enough */
		. += IRQ_STACK_BYTES;
		MARK(handler_stack_top);
		SHOW(irq_stack_top);
	} > ram : stacks

	.data : ALIGN(4)
	{
		MARK(data_start);
		*(SORT_BY_ALIGNMENT(.data*))
		. = ALIGN(4);
		MARK(data_end);
	} > ram AT > flash : data
	PROVIDE_HIDDEN(data_load = LOADADDR(.data));

	/* Not cleared; it stands before .bss, which would match it too. */
	.noinit (NOLOAD) : AT(ADDR(.noinit))
	{
		*(SORT_BY_ALIGNMENT(.bss.noinit*))
	} > ram : bss

	/* Cleared by the entry code, word by word. */
	.bss (NOLOAD) : AT(ADDR(.bss)) ALIGN(4)
	{
		MARK(bss_start);
		*(SORT_BY_ALIGNMENT(.bss*))
		*(COMMON)
		. = ALIGN(8);
		MARK(bss_end);
		MARK(image_end);
	} > ram : bss

	boot_stack_least = BOOT_STACK_BYTES; /* for tools/stack.py */
	PROVIDE_HIDDEN(ram_start = RAM_START);
	PROVIDE_HIDDEN(ram_bytes = RAM_BYTES);
	PROVIDE_HIDDEN(flash_start = FLASH_START);
	PROVIDE_HIDDEN(flash_bytes = FLASH_BYTES);

	/* Unwind tables of libgcc's divisions; nothing here unwinds. */
	/DISCARD/ :
	{
		*(.ARM.exidx .ARM.exidx.* .ARM.extab .ARM.extab.* .eh_frame .interp)
	}
}
