/* SPDX-License-Identifier: ISC */
/*
 * Switching between contexts. What the System V ABI (section 3.2.3) preserves across a call is
 * pushed on the stack that is left: RBX, RBP, R12 to R15. The control words of SSE and x87 are not:
 * all contexts share them, as set at entry; who changes the rounding mode restores it before
 * he waits. (They would cost more than all the rest, and not every hypervisor without hardware
 * support knows the instructions.)
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
	movq	%rsp, (%rdi)
	movq	(%rsi), %rsp
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
