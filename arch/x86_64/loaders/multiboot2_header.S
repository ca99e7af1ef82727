/* SPDX-License-Identifier: ISC */
/*
 * The second entry point: Multiboot2 (GNU Multiboot2 Specification 2.0), in 32-bit protected mode
 * without paging, flat segments, interrupts masked; EAX = a magic number, EBX = the information.
 * Boards that such a loader starts link this module.
 */
#include "arch/x86_64/loaders/layout.h"

#define HEADER_MAGIC 0xe85250d6
#define LOADER_MAGIC 0x36d76289
#define I386         0

#define TAG_END       0
#define TAG_REQUEST   1
#define TAG_ENTRY     3
#define INFO_CMDLINE  1
#define INFO_MEMMAP   6

/* Section 3.1: within the first 32 KiB of the file, where .text.entry is. */
	.section .text.entry.multiboot2, "ax"
	.balign	8
multiboot2_header:
	.long	HEADER_MAGIC, I386, header_end - multiboot2_header
	.long	-(HEADER_MAGIC + I386 + (header_end - multiboot2_header))

	.balign	8
	.word	TAG_REQUEST, 0		/* what the loader must know to tell */
	.long	16, INFO_CMDLINE, INFO_MEMMAP
	.balign	8
	.word	TAG_ENTRY, 0
	.long	12, entry_multiboot2
	.balign	8
	.word	TAG_END, 0
	.long	8
header_end:

	.code32
	.type	entry_multiboot2, @function
entry_multiboot2:
	cli
	cld
	cmpl	$LOADER_MAGIC, %eax
	jne	stop
	movl	(%ebx), %ecx		/* all of it, in bytes */
	cmpl	$MULTIBOOT2_BYTES_MAX, %ecx
	jbe	1f
	movl	$MULTIBOOT2_BYTES_MAX, %ecx
1:	movl	%ebx, %esi
	movl	$multiboot2_copy, %ebx
	movl	%ebx, %edi
	rep movsb
	jmp	entry			/* that of PVH, with the copy as its start info */
stop:	hlt
	jmp	stop
	.size	entry_multiboot2, . - entry_multiboot2

/* Written before .bss is cleared. */
	.section .bss.noinit.multiboot2, "aw", @nobits
	.balign	8
	.globl	multiboot2_copy
multiboot2_copy:
	.skip	MULTIBOOT2_BYTES_MAX

	.section .note.GNU-stack, "", @progbits
