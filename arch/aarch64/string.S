/* SPDX-License-Identifier: ISC */
/*
 * memcpy(), memmove(), memset() and memcmp() in a third of the space that the C library's take.
 *
 * Short runs go in two pieces that may overlap, long ones 32 bytes at a time. What a store could
 * overwrite is loaded before it, so memcpy() is memmove(). Only with the MMU on: all memory is
 * device memory before, where unaligned accesses fault.
 */
	.section .text.memmove, "ax"
	.globl	memcpy, memmove
	.type	memcpy, %function
	.type	memmove, %function
memcpy:					/* (void *to, const void *from, size_t n) */
memmove:
	hint	#34			/* bti c */
	add	x4, x1, x2		/* the ends */
	add	x5, x0, x2
	cmp	x2, #16
	b.lo	copy_15
	cmp	x2, #32
	b.hi	copy_long
	ldr	q0, [x1]
	ldr	q1, [x4, #-16]
	str	q0, [x0]
	str	q1, [x5, #-16]
	ret

copy_long:
	sub	x3, x0, x1
	cmp	x3, x2			/* unsigned: so not if the destination lies below */
	b.lo	copy_down
	ldp	q0, q1, [x4, #-32]
	sub	x6, x5, #32		/* where they go */
	mov	x3, x0
1:	ldp	q2, q3, [x1], #32
	stp	q2, q3, [x3], #32
	cmp	x3, x6
	b.lo	1b
	stp	q0, q1, [x6]
	ret

copy_down:				/* the destination begins within the source */
	ldp	q0, q1, [x1]
	add	x6, x0, #32
1:	ldp	q2, q3, [x4, #-32]!
	stp	q2, q3, [x5, #-32]!
	cmp	x5, x6
	b.hi	1b
	stp	q0, q1, [x0]
	ret

copy_15:
	tbz	x2, #3, copy_7
	ldr	x6, [x1]
	ldr	x7, [x4, #-8]
	str	x6, [x0]
	str	x7, [x5, #-8]
	ret
copy_7:
	tbz	x2, #2, copy_3
	ldr	w6, [x1]
	ldr	w7, [x4, #-4]
	str	w6, [x0]
	str	w7, [x5, #-4]
	ret
copy_3:					/* the first, the middle and the last byte */
	cbz	x2, 1f
	lsr	x3, x2, #1
	ldrb	w6, [x1]
	ldrb	w7, [x1, x3]
	ldrb	w8, [x4, #-1]
	strb	w6, [x0]
	strb	w7, [x0, x3]
	strb	w8, [x5, #-1]
1:	ret
	.size	memmove, . - memmove
	.size	memcpy, . - memcpy

	.section .text.memset, "ax"
	.globl	memset
	.type	memset, %function
memset:					/* (void *to, int value, size_t n) */
	hint	#34			/* bti c */
	dup	v0.16b, w1
	add	x4, x0, x2		/* the end */
	cmp	x2, #16
	b.lo	set_15
	str	q0, [x0]
	str	q0, [x4, #-16]
	subs	x5, x2, #32
	b.ls	2f
	add	x5, x0, x5		/* where the last 32 go */
	mov	x3, x0
1:	stp	q0, q0, [x3], #32
	cmp	x3, x5
	b.lo	1b
	stp	q0, q0, [x5]
2:	ret

set_15:
	tbz	x2, #3, set_7
	str	d0, [x0]
	str	d0, [x4, #-8]
	ret
set_7:
	tbz	x2, #2, set_3
	str	s0, [x0]
	str	s0, [x4, #-4]
	ret
set_3:					/* the first, the middle and the last byte */
	cbz	x2, 1f
	lsr	x3, x2, #1
	str	b0, [x0]
	str	b0, [x0, x3]
	str	b0, [x4, #-1]
1:	ret
	.size	memset, . - memset

	.section .text.memcmp, "ax"
	.globl	memcmp
	.type	memcmp, %function
memcmp:					/* (const void *a, const void *b, size_t n) */
	hint	#34			/* bti c */
1:	subs	x2, x2, #8
	b.lo	2f
	ldr	x3, [x0], #8
	ldr	x4, [x1], #8
	cmp	x3, x4
	b.eq	1b
	rev	x3, x3			/* the first byte decides */
	rev	x4, x4
	cmp	x3, x4
	cset	w0, hi
	csinv	w0, w0, wzr, hs
	ret

2:	add	x2, x2, #8		/* what is left, byte by byte */
	mov	w3, #0
3:	subs	x2, x2, #1
	b.lo	4f
	ldrb	w3, [x0], #1
	ldrb	w4, [x1], #1
	subs	w3, w3, w4
	b.eq	3b
4:	mov	w0, w3
	ret
	.size	memcmp, . - memcmp
