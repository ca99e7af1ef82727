/* SPDX-License-Identifier: ISC */
/*
 * Words for the linker scripts of all architectures. A script is a template: it includes the
 * board's memory.h for the numbers and these for what is the same everywhere.
 */
/* Linker scripts, not C. */
/* clang-format off */
#ifndef LINKER_REGIONS_H
#define LINKER_REGIONS_H

/* A run of memory for MEMORY { }: name, attributes as the linker has them (rx), start, bytes. */
#define REGION(name, attributes, start, bytes) name(attributes) : ORIGIN = start, LENGTH = bytes

/* In a section: the current address under a name that C declares as an array (arch/image.h). */
#define MARK(name) PROVIDE_HIDDEN(name = .)

/* The same for tools: the symbol is in the file though nothing in the image refers to it. */
#define SHOW(name) HIDDEN(name = .)

/*
 * The functions on every packet's path, which say so and in which part of it (HOT() of base/attr.h),
 * and those of the C library that they call.
 */
#define HOT_TEXT                                                                                   \
	*(.text.hot.device)                                                                        \
	*(.text.hot.input)                                                                         \
	*(.text.hot.output)                                                                        \
	*(.text.memchr .text.memcmp .text.memcpy .text.memmove)

/* The next page begins here: what follows can have other access rights. */
#define PAGE_ALIGN . = ALIGN(4096)

/* What memory.h of the board does not say. */
#ifndef BOOT_STACK_BYTES /* start(), the event loop and all its tasks */
#define BOOT_STACK_BYTES 0x4000
#endif
#ifndef IRQ_STACK_BYTES /* interrupt handlers */
#define IRQ_STACK_BYTES 0x1000
#endif
#ifndef FAULT_STACK_BYTES /* the report of a fault */
#define FAULT_STACK_BYTES 0x2000
#endif

/* A stack with a page below it that the entry code unmaps. */
#define STACK(name, bytes)                                                                         \
	MARK(name##_guard);                                                                        \
	. += 0x1000;                                                                               \
	SHOW(name##_bottom);                                                                       \
	. += bytes;                                                                                \
	SHOW(name##_top)

#endif
