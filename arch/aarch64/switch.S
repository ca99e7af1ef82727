/* SPDX-License-Identifier: ISC */
/*
 * Switching between contexts: the registers that AAPCS64 (6.1) makes a function preserve go to the
 * stack, as struct saved of context.c. The return address is signed with the stack pointer.
 */
#define SAVED_BYTES 160

	.section .text.context_switch, "ax"
	.globl	context_switch
	.type	context_switch, %function
	/* void context_switch(struct context *from, struct context *to) */
context_switch:
	hint	#25			/* paciasp, and a landing pad */
	sub	sp, sp, #SAVED_BYTES
	stp	x19, x20, [sp]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x9, sp
	str	x9, [x0]

	/* void context_finish(struct context *from, struct context *to): only the second half. */
	.globl	context_finish
	.type	context_finish, %function
context_finish:
	hint	#34			/* bti c */
	ldr	x9, [x1]
	mov	sp, x9
	ldp	x19, x20, [sp]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #SAVED_BYTES
	hint	#29			/* autiasp */
	ret
	.size	context_switch, . - context_switch

	/* The first instructions of a context: x19 is the function, x20 its argument. */
	.globl	context_start
	.type	context_start, %function
context_start:
	mov	x0, x20
	blr	x19
	.globl	context_end		/* backtraces end here */
context_end:
	brk	#1			/* it must not return */
	.size	context_start, . - context_start
