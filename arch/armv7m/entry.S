/* SPDX-License-Identifier: ISC */
/*
 * Vectors, the way from reset to C on a stack, and the way into the report of a fault.
 *
 * The image runs in thread mode on the process stack, so that an overflow of it leaves the handlers
 * theirs, the main stack. Interrupts go straight to interrupt(): the processor saves what a call may
 * change. Everything else that is not the reset is fatal.
 */
	.syntax	unified
	.thumb

/* Fills 256 bytes, which nobody may read but the processor: page zero (mpu.c). */
#define INTERRUPTS 48

	.section .text.vectors, "a", %progbits
	.global	vectors
vectors:
	.word	handler_stack_top
	.word	entry
	.rept	13			/* NMI, faults, SVC, debug monitor, PendSV */
	.word	vector_fault
	.endr
	.rept	1 + INTERRUPTS		/* SysTick, and the interrupt controller's */
	.word	interrupt
	.endr

	.section .text.entry, "ax", %progbits
	.global	entry
	.type	entry, %function
/* From reset, or from a boot loader that has left its own stack. */
entry:
	cpsid	i
	ldr	r0, =handler_stack_top
	msr	msp, r0
	ldr	r0, =boot_stack_top
	msr	psp, r0
	movs	r0, #2			/* CONTROL.SPSEL */
	msr	control, r0
	isb

	ldr	r0, =data_start
	ldr	r1, =data_end
	ldr	r2, =data_load
1:	cmp	r0, r1
	itt	lo
	ldrlo	r3, [r2], #4
	strlo	r3, [r0], #4
	blo	1b
	ldr	r0, =bss_start
	ldr	r1, =bss_end
	movs	r2, #0
2:	cmp	r0, r1
	it	lo
	strlo	r2, [r0], #4
	blo	2b

	/* An empty stack ends backtraces (arch/arm/stack.h). */
	ldr	r0, =0xfa7a57ac
	mov	r1, r0
	push	{r0, r1}
	bl	armv7m_start
	.ltorg

	.section .text.vector_fault, "ax", %progbits
	.type	vector_fault, %function
/*
 * r0: the frame that the processor has pushed, on either stack. The report begins where the main
 * stack stands if there is room, or at its top, over the frames of who has used it up.
 */
vector_fault:
	tst	lr, #4
	ite	eq
	mrseq	r0, msp
	mrsne	r0, psp
	mov	r2, lr
	ldr	r1, =handler_stack_fault
	cmp	sp, r1
	bhs	1f
	ldr	r1, =handler_stack_top
	mov	sp, r1
1:	push	{r4-r11}
	mov	r1, sp
	bl	fault_trap
	.ltorg
