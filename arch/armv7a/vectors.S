/* SPDX-License-Identifier: ISC */
/*
 * Exceptions. Interrupts run on a stack of their own in IRQ mode, masked, and return. All else is
 * fatal and reported on the fault stack, which starts empty each time, so that a fault in the report
 * finds room too. The only system calls that return are semihosting calls that nobody took.
 */
#define MODE_ABT 0x17
#define MODE_UND 0x1b

#define FAULT_UNDEFINED 0	/* enum fault_kind in fault.c */
#define FAULT_SVC       1
#define FAULT_PREFETCH  2
#define FAULT_DATA      3
#define FAULT_FIQ       4

	.syntax	unified
	.arm

	.section .text.vectors, "ax", %progbits
	.balign	32
	.global	vectors
vectors:
	b	.			/* reset: does not come here */
	b	vector_undefined
	b	vector_svc
	b	vector_prefetch
	b	vector_data
	b	.			/* hypervisor trap: only in HYP mode's own table */
	b	vector_irq
	/* FIQ follows in place */

vector_fiq:
	srsdb	sp!, #MODE_ABT
	cps	#MODE_ABT
	push	{r0-r12}
	mov	r0, #FAULT_FIQ
	b	fault

vector_undefined:
	ldr	sp, =fault_stack_top
	srsdb	sp!, #MODE_UND
	push	{r0-r12}
	mov	r0, #FAULT_UNDEFINED
	b	fault

vector_prefetch:
	ldr	sp, =fault_stack_top
	srsdb	sp!, #MODE_ABT
	push	{r0-r12}
	mov	r0, #FAULT_PREFETCH
	b	fault

vector_data:
	ldr	sp, =fault_stack_top
	srsdb	sp!, #MODE_ABT
	push	{r0-r12}
	mov	r0, #FAULT_DATA
	b	fault

/* semihosting_call() in cpu.c expects its registers back, but for r12. */
vector_svc:
	ldrh	r12, [lr, #-2]
	sub	r12, r12, #0xdf00
	cmp	r12, #0xab
	movseq	pc, lr
	srsdb	sp!, #MODE_ABT
	cps	#MODE_ABT
	push	{r0-r12}
	mov	r0, #FAULT_SVC

/* On the stack: r0 to r12, LR of the exception, SPSR: struct trap in fault.c. */
fault:
	mov	r1, sp
	ldr	r4, [sp, #14 * 4]
	mrs	r5, cpsr
	orr	r4, r4, #0xc0		/* the interrupted mode, masked, in ARM state */
	msr	cpsr_c, r4
	mov	r2, sp
	mov	r3, lr
	msr	cpsr_c, r5
	sub	sp, sp, #4
	bl	fault_trap

vector_irq:
	sub	lr, lr, #4
	push	{r0-r3, r12, lr}
	vmrs	r0, fpscr
	vpush	{d0-d7}
	vpush	{d16-d31}
	push	{r0, r1}
	bl	interrupt
	pop	{r0, r1}
	vpop	{d16-d31}
	vpop	{d0-d7}
	vmsr	fpscr, r0
	clrex				/* an exclusive sequence that was interrupted starts again */
	ldm	sp!, {r0-r3, r12, pc}^
