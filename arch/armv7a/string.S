/* SPDX-License-Identifier: ISC */
/*
 * memcmp() by words wherever they lie: the C library compares byte by byte what does not lie alike.
 * Called with the MMU on only, as all of the C library.
 */
	.syntax	unified
	.thumb

	.section .text.memcmp, "ax"
	.balign	4
	.globl	memcmp
	.type	memcmp, %function
memcmp:					/* (const void *a, const void *b, size_t n) */
	subs	r2, #4
	blo	2f
1:	ldr	r3, [r0], #4
	ldr	ip, [r1], #4
	cmp	r3, ip
	bne	5f
	subs	r2, #4
	bhs	1b
2:	adds	r2, #4			/* up to 3 are left */
	beq	4f
3:	ldrb	r3, [r0], #1
	ldrb	ip, [r1], #1
	cmp	r3, ip
	bne	6f
	subs	r2, #1
	bne	3b
4:	movs	r0, #0
	bx	lr
5:	rev	r3, r3			/* the first byte that differs is the highest */
	rev	ip, ip
	cmp	r3, ip
6:	ite	hi
	movhi	r0, #1
	movls	r0, #-1
	bx	lr
	.size	memcmp, . - memcmp

	.section .note.GNU-stack, "", %progbits
