/* SPDX-License-Identifier: ISC */
/*
 * From the PVH entry point (32-bit protected mode without paging, flat segments, interrupts
 * masked, EBX = start info) to long mode and x86_start().
 */
#include "arch/x86_64/layout.h"

#define CR0_LONG_MODE 0x80010033 /* PG WP NE ET MP PE: caches on, no x87 emulation */
#define CR4_LONG_MODE 0x00000620 /* OSXMMEXCPT OSFXSR PAE */
#define MSR_EFER      0xc0000080
#define EFER_LME_NXE  0x00000900

#define PTE_TABLE 0x03 /* present, writable */
#define PTE_LARGE 0x83 /* the same, 2 MiB page */

/* The ELF note that makes the image bootable: XEN_ELFNOTE_PHYS32_ENTRY. */
	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 4, 18
	.asciz	"Xen"
	.long	entry

	.section .text.entry, "ax"
	.code32
	.globl	entry
	.type	entry, @function
entry:
	cli
	cld
	movl	%ebx, %ebp		/* the start info */
	movl	$0x80000001, %eax	/* AMD APM 3 E.4.2: long mode, no-execute */
	cpuid
	notl	%edx
	testl	$((1 << 29) | (1 << 20)), %edx
	jne	stop			/* too old a processor, without a way to say so */
	rdtsc
	movl	%eax, %esi		/* the time of entry, in EBX:ESI */
	movl	%edx, %ebx

	/* The boot tables: PML4, PDPT, and a page directory for the first GiB, identity mapped. */
	movl	$boot_tables, %edi
	xorl	%eax, %eax
	movl	$(2 * PAGE_TABLE_BYTES / 4), %ecx
	rep stosl
	movl	$(boot_tables + PAGE_TABLE_BYTES + PTE_TABLE), boot_tables
	movl	$(boot_tables + 2 * PAGE_TABLE_BYTES + PTE_TABLE), boot_tables + PAGE_TABLE_BYTES
	movl	$PTE_LARGE, %eax
1:	movl	%eax, (%edi)
	movl	$0, 4(%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	cmpl	$0x40000000, %eax
	jb	1b

	movl	$CR4_LONG_MODE, %eax
	movl	%eax, %cr4
	movl	$boot_tables, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME_NXE, %eax
	wrmsr
	movl	$CR0_LONG_MODE, %eax
	movl	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$SELECTOR_CODE, $entry_long

stop:	hlt
	jmp	stop

	.code64
entry_long:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$boot_stack_top, %esp
	fninit

	movl	$bss_start, %edi
	movl	$bss_end, %ecx
	subl	%edi, %ecx
	shrl	$3, %ecx
	rep stosq

	movl	%ebp, %edi		/* the start info; the upper half becomes zero */
	movl	%esi, %esi
	shlq	$32, %rbx
	orq	%rbx, %rsi		/* the time of entry */
	xorl	%ebp, %ebp		/* ends the chain of frames */
	call	x86_start
	ud2
	.size	entry, . - entry

	.section .data.gdt, "aw"
	.balign	8
	.globl	gdt
gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* code: 64-bit, ring 0, accessed */
	.quad	0x00cf93000000ffff	/* data: flat, writable, accessed */
	.quad	0, 0			/* the TSS, filled in by traps_init() */
gdt_end:

	.globl	gdt_pointer
gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	gdt

/* Not cleared: each is when it is taken. */
	.section .bss.noinit.page_tables, "aw", @nobits
	.balign	PAGE_TABLE_BYTES
	.globl	page_tables
page_tables:
	.skip	(PAGE_TABLES - BOOT_TABLES) * PAGE_TABLE_BYTES
boot_tables:
	.skip	BOOT_TABLES * PAGE_TABLE_BYTES

	.section .note.GNU-stack, "", @progbits
