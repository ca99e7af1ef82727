/* SPDX-License-Identifier: ISC */
/*
 * The exception vectors of EL1.
 *
 * Normal code (fibers, the event loop) runs with SP_EL0, handlers with SP_EL1, which the processor
 * selects by itself. So an interrupt takes nothing of a fiber's stack, and a fiber
 * that overflows its stack does not take the handler down. Interrupts do not nest.
 *
 * A fault goes to a third stack and does not return. One inside the report of another
 * ends the machine at once.
 */
#include "arch/aarch64/fault_regs.h"
#include "arch/aarch64/sysreg.h"

	/*
	 * The vectors 0 to 7 are slots of 128 bytes, of which a branch needs few: entry code lies behind
	 * them (linker/aarch64.ld.S). Vectors 8 to 15 are for exceptions from EL0, where nothing runs:
	 * other code follows there.
	 */
	.macro	slot number
	.section .text.vector_\number, "ax"
	.balign	0x80
	.endm

	/* A slot that goes to `handler` with its number in x0, the old x0 in TPIDR_EL1. */
	.macro	vector number, handler
	slot	\number
	msr	tpidr_el1, x0
	mov	x0, #\number
	b	\handler
	.endm

	/* From normal code. */
	slot	0
	.globl	vectors
vectors:
	vector	0, sync_entry

	/*
	 * A synchronous exception. Instructions of exit_calls.S may trap where nobody takes them: they
	 * are skipped.
	 */
	.type	sync_entry, %function
sync_entry:
	msr	tpidrro_el0, x1
	mrs	x1, elr_el1
	adrp	x0, exit_calls
	add	x0, x0, :lo12:exit_calls
	sub	x0, x1, x0
	cmp	x0, #EXIT_CALLS_BYTES
	b.hs	1f
	add	x1, x1, #4
	msr	elr_el1, x1
	mrs	x1, tpidrro_el0
	mrs	x0, tpidr_el1
	eret
1:	mov	x0, #0			/* the number does not matter: ESR says all */
	mrs	x1, tpidrro_el0
	b	fault_entry
	.size	sync_entry, . - sync_entry

/*
 * An interrupt: all registers that a C function may change. At the bottom the interrupted address:
 * a backtrace goes through. ELR and SPSR stay where they are, for nothing nests.
 */

	slot	1
	.type	irq_entry, %function
irq_entry:
	sub	sp, sp, #IRQ_FRAME_BYTES
	stp	x0, x1, [sp, #16]
	mrs	x0, elr_el1
	str	x0, [sp]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	stp	x8, x9, [sp, #80]
	stp	x10, x11, [sp, #96]
	stp	x12, x13, [sp, #112]
	stp	x14, x15, [sp, #128]
	stp	x16, x17, [sp, #144]
	stp	x18, x30, [sp, #160]
	mrs	x0, fpsr
	mrs	x1, fpcr
	stp	x0, x1, [sp, #176]
	stp	q0, q1, [sp, #192]
	stp	q2, q3, [sp, #224]
	stp	q4, q5, [sp, #256]
	stp	q6, q7, [sp, #288]
	stp	q16, q17, [sp, #320]
	stp	q18, q19, [sp, #352]
	stp	q20, q21, [sp, #384]
	stp	q22, q23, [sp, #416]
	stp	q24, q25, [sp, #448]
	stp	q26, q27, [sp, #480]
	stp	q28, q29, [sp, #512]
	stp	q30, q31, [sp, #544]
	bl	interrupt
	b	irq_exit
	.size	irq_entry, . - irq_entry

	vector	2, fault_entry		/* FIQ */

	.type	irq_exit, %function
irq_exit:
	ldp	q0, q1, [sp, #192]
	ldp	q2, q3, [sp, #224]
	ldp	q4, q5, [sp, #256]
	ldp	q6, q7, [sp, #288]
	ldp	q16, q17, [sp, #320]
	ldp	q18, q19, [sp, #352]
	ldp	q20, q21, [sp, #384]
	ldp	q22, q23, [sp, #416]
	ldp	q24, q25, [sp, #448]
	ldp	q26, q27, [sp, #480]
	ldp	q28, q29, [sp, #512]
	ldp	q30, q31, [sp, #544]
	ldp	x0, x1, [sp, #176]
	msr	fpsr, x0
	msr	fpcr, x1
	ldp	x18, x30, [sp, #160]
	ldp	x16, x17, [sp, #144]
	ldp	x14, x15, [sp, #128]
	ldp	x12, x13, [sp, #112]
	ldp	x10, x11, [sp, #96]
	ldp	x8, x9, [sp, #80]
	ldp	x6, x7, [sp, #64]
	ldp	x4, x5, [sp, #48]
	ldp	x2, x3, [sp, #32]
	ldp	x0, x1, [sp, #16]
	add	sp, sp, #IRQ_FRAME_BYTES
	eret
	.size	irq_exit, . - irq_exit

	vector	3, fault_entry		/* SError */

	/*
	 * Fills a struct fault_regs on the fault stack: x0 is the vector, TPIDR_EL1 the old x0. Part
	 * one: the registers that have numbers.
	 */
	.type	fault_entry, %function
fault_entry:
	msr	tpidr_el0, x0
	msr	tpidrro_el0, x1
	mov	x1, sp
	adrp	x0, fault_stack_top
	add	x0, x0, :lo12:fault_stack_top
	sub	sp, x0, #FAULT_REGS_BYTES
	stp	x2, x3, [sp, #16]
	mrs	x2, tpidr_el1
	mrs	x3, tpidrro_el0
	stp	x2, x3, [sp]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	b	fault_entry_rest
	.size	fault_entry, . - fault_entry

	/* From a handler. */
	vector	4, sync_entry

	/* Part two: what the exception left, and whose stack it was. */
	.type	fault_entry_rest, %function
fault_entry_rest:
	/* The stack pointer of the code that faulted. */
	mrs	x3, spsr_el1
	mrs	x4, sp_el0
	tst	x3, #SPSR_SP_HANDLER
	csel	x1, x1, x4, ne
	stp	x30, x1, [sp, #240]
	mrs	x2, elr_el1
	stp	x2, x3, [sp, #256]
	mrs	x2, esr_el1
	mrs	x3, far_el1
	stp	x2, x3, [sp, #272]
	mrs	x2, tpidr_el0
	str	x2, [sp, #288]

	/* Once: report. Twice: a fault in the report. Then even the exit failed. */
	adrp	x1, fault_depth
	ldr	w2, [x1, :lo12:fault_depth]
	add	w2, w2, #1
	str	w2, [x1, :lo12:fault_depth]
	mov	x0, sp
	cmp	w2, #2
	b.lo	fault_report
	mov	w0, #FAULT_AGAIN_STATUS
	b.eq	cpu_exit
0:	wfi
	b	0b
	.size	fault_entry_rest, . - fault_entry_rest

	vector	5, fault_entry		/* IRQ: impossible, it is masked */
	vector	6, fault_entry
	slot	7
	.globl	vector_7
vector_7:
	vector	7, fault_entry

	/* In .data: BSS is not yet zero when the first fault may come. */
	.section .data.fault_depth, "aw"
	.balign	4
	.globl	fault_depth
fault_depth:
	.long	0
