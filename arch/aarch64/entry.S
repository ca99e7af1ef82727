/* SPDX-License-Identifier: ISC */
/*
 * The first instructions: from the loader's state to C with the MMU on.
 *
 * The loader jumps here at EL3, EL2 or EL1 with the MMU and the data cache off, x0 the address of
 * the device tree or 0 (Documentation/arch/arm64/booting of Linux says what loaders do). Normal
 * code runs at EL1 with SP_EL0; SP_EL1 is the interrupt stack (vectors.S).
 *
 * From entry on: x19 device tree, x20 counter, x21 exception level at entry, x22 root page table.
 */
#include "arch/aarch64/sysreg.h"

	/* The arm64 Image header. */
	.section .text.header, "ax"
	.globl	image_header
image_header:
	b	entry
	.long	0
	.quad	image_offset
	.quad	image_bytes
	.quad	2		/* little-endian, pages of 4 KiB, at its offset from the start of RAM */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.section .text.entry, "ax"
	.globl	entry
	.type	entry, %function
entry:
	msr	daifset, #0xf
	mov	x19, x0
	isb
	mrs	x20, cntvct_el0

	/* Cores other than the first wait for ever: the image runs on one. */
	mrs	x0, mpidr_el1
	and	x1, x0, #0xffffff
	and	x0, x0, #0xff00000000
	orr	x0, x0, x1
	cbz	x0, 1f
0:	wfi
	b	0b

1:	mrs	x21, CurrentEL
	lsr	x21, x21, #2
	ldr	x0, =SCTLR_RES1		/* EL1: MMU and caches off */
	msr	sctlr_el1, x0
	isb
	cmp	x21, #2
	b.lo	entry_el1
	b.eq	2f
	bl	leave_el3
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #ID_AA64PFR0_EL2, #4
	cbz	x0, 3f
2:	bl	leave_el2
3:	adrp	x0, entry_el1
	add	x0, x0, :lo12:entry_el1
	mov	x1, #SPSR_EL1T_MASKED
	cmp	x21, #3
	b.eq	4f
	msr	elr_el2, x0
	msr	spsr_el2, x1
	eret
4:	msr	elr_el3, x0
	msr	spsr_el3, x1
	eret
	.size	entry, . - entry

	/* Lets EL1 do all it wants, untranslated. Registers have unknown values after a reset. */
	.type	leave_el2, %function
leave_el2:
	ldr	x0, =HCR_RW | HCR_APK | HCR_API
	msr	hcr_el2, x0
	isb
	mov	x0, #3			/* EL1 may use the physical counter and timer */
	msr	cnthctl_el2, x0
	msr	cntvoff_el2, xzr
	mov	x0, #CPTR_EL2_RES1
	msr	cptr_el2, x0
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x0, mdcr_el2
	and	x0, x0, #0x1f		/* HPMN: all event counters are EL1's, no trap */
	msr	mdcr_el2, x0
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0

	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #ID_AA64PFR0_GIC, #4
	cbz	x0, 1f
	mov	x0, #ICC_SRE_ALL
	msr	s3_4_c12_c9_5, x0	/* ICC_SRE_EL2 */
	isb
	mrs	x0, s3_4_c12_c9_5
	tbz	x0, #0, 1f		/* the GIC is used as a version 2 */
	msr	s3_4_c12_c11_0, xzr	/* ICH_HCR_EL2: no virtual interrupts */

1:	mrs	x0, id_aa64mmfr0_el1
	ubfx	x0, x0, #ID_AA64MMFR0_FGT, #4
	cbz	x0, 2f
	msr	s3_4_c1_c1_4, xzr	/* HFGRTR_EL2 */
	msr	s3_4_c1_c1_5, xzr	/* HFGWTR_EL2 */
	msr	s3_4_c1_c1_6, xzr	/* HFGITR_EL2 */
	msr	s3_4_c3_c1_4, xzr	/* HDFGRTR_EL2 */
	msr	s3_4_c3_c1_5, xzr	/* HDFGWTR_EL2 */
2:	mrs	x0, id_aa64mmfr1_el1
	ubfx	x0, x0, #ID_AA64MMFR1_HCX, #4
	cbz	x0, 3f
	msr	s3_4_c1_c2_2, xzr	/* HCRX_EL2 */
3:	isb
	ret
	.size	leave_el2, . - leave_el2

	/* EL1: stacks, page tables, MMU, BSS, pointer authentication, C. */
	.type	entry_el1, %function
entry_el1:
	ldr	x0, =SCTLR_RES1
	msr	sctlr_el1, x0
	mov	x0, #CPACR_FPEN
	msr	cpacr_el1, x0
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	isb
	msr	spsel, #1
	adrp	x0, irq_stack_top
	add	x0, x0, :lo12:irq_stack_top
	mov	sp, x0
	msr	spsel, #0
	adrp	x0, boot_stack_top
	add	x0, x0, :lo12:boot_stack_top
	mov	sp, x0

	bl	mmu_map_image
	mov	x22, x0
	bl	enable_mmu
	bl	clear_bss
	bl	enable_pointer_authentication

	msr	daifclr, #4		/* SErrors are reported from now on */
	mov	x0, x19
	mov	x1, x20
	mov	x2, x21
	b	boot_main
	.size	entry_el1, . - entry_el1

	/*
	 * What was written so far (page tables, stack) went past the caches. Lines that
	 * speculation may have brought in before are older: they are discarded.
	 */
	.type	enable_mmu, %function
enable_mmu:
	mov	x9, x30
	adrp	x0, page_tables_start
	adrp	x1, page_tables_end
	add	x1, x1, :lo12:page_tables_end
	bl	discard_lines
	adrp	x1, boot_stack_top
	add	x1, x1, :lo12:boot_stack_top
	sub	x0, x1, #4096
	bl	discard_lines

	bl	mmu_tcr
	msr	tcr_el1, x0
	ldr	x0, =(MAIR_DEVICE | MAIR_NORMAL << 8 | MAIR_UNCACHED << 16)
	msr	mair_el1, x0
	msr	ttbr0_el1, x22
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb

	ldr	x0, =SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_SA | SCTLR_WXN
	mrs	x1, id_aa64pfr1_el1
	ubfx	x1, x1, #ID_AA64PFR1_BT, #4
	cbz	x1, 1f
	orr	x0, x0, #SCTLR_BT1
1:	msr	sctlr_el1, x0
	isb
	ret	x9
	.size	enable_mmu, . - enable_mmu

	/* What fits behind vectors (linker/aarch64.ld.S). */
	.section .text.slot_0, "ax"
	.type	clear_bss, %function
clear_bss:
	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
	adrp	x1, bss_end
	add	x1, x1, :lo12:bss_end
	movi	v0.2d, #0
1:	cmp	x0, x1
	b.hs	2f
	stp	q0, q0, [x0], #32
	stp	q0, q0, [x0], #32
	b	1b
2:	ret
	.size	clear_bss, . - clear_bss

	.section .text.slot_5, "ax"
	/* Invalidates the data cache from x0 to x1. Uses x2, x3. */
	.type	discard_lines, %function
discard_lines:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* DminLine */
	mov	x3, #4
	lsl	x3, x3, x2
1:	cmp	x0, x1
	b.hs	2f
	dc	ivac, x0
	add	x0, x0, x3
	b	1b
2:	dsb	sy
	ret
	.size	discard_lines, . - discard_lines

	/*
	 * Keys come before the enabling, and no C function is active across it: it would sign its
	 * return address without a key and check it with one.
	 */
	.type	enable_pointer_authentication, %function
enable_pointer_authentication:
	mrs	x0, id_aa64isar1_el1
	ubfx	x1, x0, #ID_AA64ISAR1_APA, #8	/* APA and API */
	mrs	x0, s3_0_c0_c6_2		/* ID_AA64ISAR2_EL1 */
	ubfx	x0, x0, #ID_AA64ISAR2_APA3, #4
	orr	x0, x0, x1
	cbz	x0, 1f
	mov	x23, x30
	bl	boot_random
	msr	s3_0_c2_c1_0, x0		/* APIAKeyLo_EL1 */
	bl	boot_random
	msr	s3_0_c2_c1_1, x0		/* APIAKeyHi_EL1 */
	mrs	x0, sctlr_el1
	orr	x0, x0, #SCTLR_ENIA
	msr	sctlr_el1, x0
	isb
	mov	x30, x23
1:	ret
	.size	enable_pointer_authentication, . - enable_pointer_authentication

	.section .text.slot_6, "ax"
	/* Lets EL2 and EL1 do all they want, in the non-secure state. */
	.type	leave_el3, %function
leave_el3:
	ldr	x0, =SCR_NS | SCR_RES1 | SCR_HCE | SCR_RW | SCR_APK | SCR_API | SCR_FGTEN
	msr	scr_el3, x0
	msr	cptr_el3, xzr
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #ID_AA64PFR0_GIC, #4
	cbz	x0, 1f
	mov	x0, #ICC_SRE_ALL
	msr	s3_6_c12_c12_5, x0	/* ICC_SRE_EL3 */
1:	isb
	ret
	.size	leave_el3, . - leave_el3
