/* SPDX-License-Identifier: ISC */
/*
 * The first instructions: from the loader's state to C on a stack.
 *
 * The image starts as a zImage does (Linux, Documentation/arm/booting.rst): r2 is the device tree,
 * MMU and data cache are off. It may be loaded at any multiple of 4 KiB and moves itself to
 * where it is linked. A device tree in its way is moved first, to behind the image. Bare loaders
 * of ELF files set no register; the tree may then be at the start of RAM.
 *
 * From enter to the branch to placed, code runs at an address it was not linked for: adr,
 * relative branches and link-time constants only. Registers that live throughout:
 *
 *      r4 device tree or 0    r5 where the image was loaded    r6 where it is linked
 *      r7 not 0 if entered in the hypervisor mode              r8, r9 counter at entry
 */
#define FDT_MAGIC     0xd00dfeed
#define FDT_BYTES_MAX 0x100000
#define MODE_MASK     0x1f
#define MODE_IRQ      0x12
#define MODE_SVC      0x13
#define MODE_ABT      0x17
#define MODE_HYP      0x1a
#define MODE_MASKED   0xc0 /* no IRQ, no FIQ */

	.syntax	unified
	.arch_extension virt
	.arm

	.section .text.entry, "ax", %progbits
	.global	entry
entry:
	.rept	8
	nop
	.endr
	b	enter
	.word	0x016f2818		/* this is a zImage */
	.word	0			/* that may run anywhere */
	.word	image_file_bytes

enter:
	cpsid	aif
	mov	r4, r2
	mrc	p15, 0, r0, c0, c0, 5	/* MPIDR: one core runs the image, others sleep */
	tst	r0, #0xff		/* within the cluster: the Pi 2's only one has number 15 */
	bne	park
	mrs	r0, cpsr
	and	r0, r0, #MODE_MASK
	mov	r7, #0
	cmp	r0, #MODE_HYP
	bne	1f
	mov	r7, #1
	bl	leave_hyp
1:	cps	#MODE_SVC
	isb
	mrrc	p15, 1, r8, r9, c14	/* CNTVCT */

	ldr	r6, =image_start
	adr	r5, entry
	mov	r0, r4
	bl	fdt_measure
	cmp	r0, #0
	bne	1f
	ldr	r0, =ram_start
	bl	fdt_measure
1:	movs	r4, r0
	blne	fdt_move
	b	image_move

park:
	wfi
	b	park

/*
 * r0: where a device tree may be. Returns it, or 0 if none is there, and in r1 the bytes that it
 * really uses: emulators state a total size with much room at the end. Clobbers r2, r3.
 */
fdt_measure:
	cmp	r0, #0
	beq	2f
	tst	r0, #3
	bne	2f
	ldr	r2, [r0]
	ldr	r3, =FDT_MAGIC
	rev	r2, r2
	cmp	r2, r3
	bne	2f
	ldr	r1, [r0, #8]		/* off_dt_struct + size_dt_struct */
	ldr	r2, [r0, #36]
	rev	r1, r1
	rev	r2, r2
	add	r1, r1, r2
	ldr	r2, [r0, #12]		/* off_dt_strings + size_dt_strings */
	ldr	r3, [r0, #32]
	rev	r2, r2
	rev	r3, r3
	add	r2, r2, r3
	cmp	r1, r2
	movlo	r1, r2
	add	r1, r1, #3
	bic	r1, r1, #3
	cmp	r1, #FDT_BYTES_MAX
	bxls	lr
2:	mov	r0, #0
	bx	lr

/*
 * r4: a device tree that uses r1 bytes. If it reaches, by its stated size, where the image, its BSS
 * included, will be, moves what it uses to the first page behind both that and the image as
 * loaded. It moves up, so from its end.
 */
fdt_move:
	ldr	r2, =image_end
	ldr	r0, [r4, #4]		/* totalsize */
	rev	r0, r0
	add	r0, r0, r4
	cmp	r4, r2
	bxhs	lr
	cmp	r0, r6
	bxls	lr
	add	r0, r4, r1
	ldr	r3, =image_file_bytes + 0xfff
	add	r3, r3, r5
	bfc	r3, #0, #12
	cmp	r3, r2
	movlo	r3, r2
	rev	r2, r1
	str	r2, [r4, #4]		/* totalsize: all that is moved */
	mov	r4, r3
	add	r3, r3, r1
1:	ldr	r2, [r0, #-4]!
	str	r2, [r3, #-4]!
	cmp	r3, r4
	bhi	1b
	bx	lr

/*
 * Copies the image from r5 to r6. The ranges may overlap, so upwards it is copied from its end;
 * this code, within the first page, is overwritten last if ever. Downwards, the first
 * page goes first, and the copying continues there.
 */
image_move:
	ldr	r0, =image_file_bytes
	cmp	r6, r5
	beq	placed
	blo	2f
	add	r1, r5, r0
	add	r2, r6, r0
1:	ldr	r3, [r1, #-4]!
	str	r3, [r2, #-4]!
	cmp	r2, r6
	bhi	1b
	ldr	r12, =placed
	b	enter_copy
2:	add	r0, r0, r6
	add	r1, r6, #0x1000
	mov	r2, r6
3:	ldr	r3, [r5], #4
	str	r3, [r2], #4
	cmp	r2, r1
	blo	3b
	ldr	r12, =4f
	b	enter_copy
4:	ldr	r3, [r5], #4
	str	r3, [r2], #4
	cmp	r2, r0
	blo	4b
	ldr	r12, =placed
enter_copy:
	dsb
	mcr	p15, 0, r0, c7, c5, 0	/* ICIALLU */
	mcr	p15, 0, r0, c7, c5, 6	/* BPIALL */
	dsb
	isb
	bx	r12

/* From here on the image is where it was linked. */
placed:
	bl	caches_invalidate
	mrc	p15, 0, r0, c1, c0, 1	/* ACTLR.SMP: A7 and A15 cache nothing without */
	tst	r0, #1 << 6
	orreq	r0, r0, #1 << 6
	mcreq	p15, 0, r0, c1, c0, 1
	mrc	p15, 0, r0, c1, c0, 2	/* CPACR: VFP and NEON */
	orr	r0, r0, #0xf << 20
	mcr	p15, 0, r0, c1, c0, 2
	isb
	mov	r0, #1 << 30		/* FPEXC.EN */
	vmsr	fpexc, r0
	mov	r0, #0
	vmsr	fpscr, r0

	cps	#MODE_IRQ
	ldr	sp, =irq_stack_top
	cps	#MODE_ABT
	ldr	sp, =fault_stack_top
	cps	#MODE_SVC
	ldr	sp, =boot_stack_top
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0	/* VBAR */
	isb

	/* With the caches on, clearing is many times faster. The page tables are not in BSS. */
	bl	mmu_init
	ldr	r0, =bss_start
	ldr	r1, =bss_end
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b

	/* An empty stack ends backtraces (arch/arm/stack.h). */
	ldr	r0, =0xfa7a57ac
	mov	r1, r0
	push	{r0, r1}
	cpsie	af			/* let external aborts and stray FIQs be seen */
	mov	r0, r4
	mov	r1, r7
	mov	r2, r8
	mov	r3, r9
	bl	armv7a_boot
	.ltorg

/*
 * Forgets what the level 1 data cache, the instruction cache, the branch predictor and the TLB
 * hold from before: the loader has written back and turned off the data cache.
 */
caches_invalidate:
	mov	r0, #0
	mcr	p15, 2, r0, c0, c0, 0	/* CSSELR: level 1, data */
	isb
	mrc	p15, 1, r0, c0, c0, 0	/* CCSIDR */
	ubfx	r1, r0, #13, #15	/* sets - 1 */
	ubfx	r2, r0, #3, #10		/* ways - 1 */
	and	r3, r0, #7
	add	r3, r3, #4		/* the set's shift */
	clz	r12, r2			/* the way's shift */
1:	mov	r10, r2
2:	lsl	r11, r10, r12
	orr	r11, r11, r1, lsl r3
	mcr	p15, 0, r11, c7, c6, 2	/* DCISW */
	subs	r10, r10, #1
	bhs	2b
	subs	r1, r1, #1
	bhs	1b
	mcr	p15, 0, r0, c8, c7, 0	/* TLBIALL */
	mcr	p15, 0, r0, c7, c5, 0	/* ICIALLU */
	mcr	p15, 0, r0, c7, c5, 6	/* BPIALL */
	dsb
	isb
	bx	lr

/*
 * Returns in supervisor mode. The hypervisor level is left with nothing that traps, so that a
 * bare core looks the same whichever way it was entered.
 */
leave_hyp:
	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0	/* HCR */
	mcr	p15, 4, r0, c1, c1, 3	/* HSTR */
	mcrr	p15, 4, r0, r0, c14	/* CNTVOFF */
	movw	r0, #0x33ff		/* HCPTR: bits that read as one */
	mcr	p15, 4, r0, c1, c1, 2
	mrc	p15, 4, r0, c1, c1, 1	/* HDCR: only the number of counters stays */
	and	r0, r0, #0x1f
	mcr	p15, 4, r0, c1, c1, 1
	mrc	p15, 4, r0, c14, c1, 0	/* CNTHCTL: physical counter and timer are free */
	orr	r0, r0, #3
	mcr	p15, 4, r0, c14, c1, 0
	mrc	p15, 0, r0, c0, c0, 0	/* VPIDR = MIDR, VMPIDR = MPIDR */
	mcr	p15, 4, r0, c0, c0, 0
	mrc	p15, 0, r0, c0, c0, 5
	mcr	p15, 4, r0, c0, c0, 5
	ldr	r0, =hyp_vectors
	mcr	p15, 4, r0, c12, c0, 0	/* HVBAR */
	mrc	p15, 0, r0, c0, c1, 1	/* ID_PFR1: has it the GICv3's system registers? */
	lsrs	r0, r0, #28
	beq	1f
	mrc	p15, 4, r0, c12, c9, 5	/* ICC_HSRE.SRE and Enable */
	orr	r0, r0, #9
	mcr	p15, 4, r0, c12, c9, 5
	isb
1:	mrs	r0, cpsr
	bic	r0, r0, #MODE_MASK
	orr	r0, r0, #MODE_SVC | MODE_MASKED
	msr	spsr_cxsf, r0
	msr	elr_hyp, lr
	eret

	/* Nothing calls the hypervisor level; what comes nevertheless ends here. */
	.balign	32
hyp_vectors:
	.rept	8
	b	park
	.endr
