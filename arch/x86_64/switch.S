/* SPDX-License-Identifier: ISC */
/*
 * Switching between contexts. What the System V ABI (section 3.2.3) preserves across a call is
 * pushed on the stack that is left: RBX, RBP, R12 to R15 and the control words of SSE and x87.
 */
	.section .text.context_switch, "ax"
	.balign	16
	.globl	context_switch
	.type	context_switch, @function
context_switch:				/* (struct context *from, struct context *to) */
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	(%rsi), %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	context_switch, . - context_switch

/* The first return of a context: R12 holds its function, R13 the argument (context_init()). */
	.section .text.context_enter, "ax"
	.globl	context_enter
	.type	context_enter, @function
context_enter:
	movq	%r13, %rdi
	call	*%r12
	ud2
	.size	context_enter, . - context_enter

	.section .note.GNU-stack, "", @progbits
