/* SPDX-License-Identifier: ISC */
	.syntax	unified
	.thumb

	.section .text.context_switch, "ax", %progbits
	.global	context_switch, context_finish
	.type	context_switch, %function
	.type	context_finish, %function
/* r0: struct context *from, r1: *to; sp is its first member. r3 keeps the stack aligned. */
context_switch:
	push	{r3-r11, lr}
#ifdef __ARM_PCS_VFP
	vpush	{d8-d15}
#endif
	str	sp, [r0]
context_finish:
	ldr	sp, [r1]
#ifdef __ARM_PCS_VFP
	vpop	{d8-d15}
#endif
	pop	{r3-r11, pc}

	.section .text.context_start, "ax", %progbits
	.global	context_start
	.type	context_start, %function
/* What the first switch to a context returns to: r4 is entry, r5 its argument. */
context_start:
	mov	r0, r5
	blx	r4
	udf	#0			/* entry must not return */
