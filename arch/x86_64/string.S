/* SPDX-License-Identifier: ISC */
/*
 * memcpy(), memmove(), memset() and memcmp() in the general registers, since interrupt handlers call
 * them too.
 *
 * Short runs go in words, the first and the last overlapping, so that no byte is handled alone; long
 * ones by the string instructions, which take some time to start. Everything that is loaded
 * outside a loop is loaded before anything is stored, so memcpy() is right for overlapping
 * runs too if the destination lies below the source.
 */

/* From this many bytes on, the string instructions are faster. */
#define STRING_BYTES 1024

	.section .text.memcpy, "ax"
	.balign	16
	.globl	memcpy
	.type	memcpy, @function
memcpy:					/* (void *to, const void *from, size_t n) */
	movq	%rdi, %rax
	cmpq	$32, %rdx
	jbe	copy_32
	cmpq	$STRING_BYTES, %rdx
	jae	copy_string
	movq	-32(%rsi, %rdx), %r8
	movq	-24(%rsi, %rdx), %r9
	movq	-16(%rsi, %rdx), %r10
	movq	-8(%rsi, %rdx), %r11
	leaq	-32(%rdi, %rdx), %rdx	/* where the last 32 go */
	pushq	%rbx
1:	movq	(%rsi), %rcx
	movq	8(%rsi), %rbx
	movq	%rcx, (%rdi)
	movq	%rbx, 8(%rdi)
	movq	16(%rsi), %rcx
	movq	24(%rsi), %rbx
	movq	%rcx, 16(%rdi)
	movq	%rbx, 24(%rdi)
	addq	$32, %rsi
	addq	$32, %rdi
	cmpq	%rdx, %rdi
	jb	1b
	movq	%r8, (%rdx)
	movq	%r9, 8(%rdx)
	movq	%r10, 16(%rdx)
	movq	%r11, 24(%rdx)
	popq	%rbx
	ret

copy_string:
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	rep movsq
	movl	%edx, %ecx
	rep movsb
	ret

copy_32:
	cmpl	$16, %edx
	jb	copy_15
	movq	(%rsi), %r8
	movq	8(%rsi), %r9
	movq	-16(%rsi, %rdx), %r10
	movq	-8(%rsi, %rdx), %r11
	movq	%r8, (%rdi)
	movq	%r9, 8(%rdi)
	movq	%r10, -16(%rdi, %rdx)
	movq	%r11, -8(%rdi, %rdx)
	ret

copy_15:
	cmpl	$8, %edx
	jb	copy_7
	movq	(%rsi), %r8
	movq	-8(%rsi, %rdx), %r9
	movq	%r8, (%rdi)
	movq	%r9, -8(%rdi, %rdx)
	ret

copy_7:
	cmpl	$4, %edx
	jb	copy_3
	movl	(%rsi), %r8d
	movl	-4(%rsi, %rdx), %r9d
	movl	%r8d, (%rdi)
	movl	%r9d, -4(%rdi, %rdx)
	ret

copy_3:					/* the first, the middle and the last byte */
	testl	%edx, %edx
	je	1f
	movl	%edx, %ecx
	shrl	%ecx
	movzbl	(%rsi), %r8d
	movzbl	(%rsi, %rcx), %r9d
	movzbl	-1(%rsi, %rdx), %r10d
	movb	%r8b, (%rdi)
	movb	%r9b, (%rdi, %rcx)
	movb	%r10b, -1(%rdi, %rdx)
1:	ret
	.size	memcpy, . - memcpy

	.balign	16
	.globl	memmove
	.type	memmove, @function
memmove:				/* (void *to, const void *from, size_t n) */
	movq	%rdi, %rax
	subq	%rsi, %rax
	cmpq	%rdx, %rax		/* unsigned: so also if the destination lies below */
	jae	memcpy
	movq	%rdi, %rax
	cmpq	$32, %rdx
	jbe	copy_32
	movq	(%rsi), %r8
	movq	8(%rsi), %r9
	movq	16(%rsi), %r10
	movq	24(%rsi), %r11
	pushq	%rbx
1:	movq	-8(%rsi, %rdx), %rcx
	movq	-16(%rsi, %rdx), %rbx
	movq	%rcx, -8(%rdi, %rdx)
	movq	%rbx, -16(%rdi, %rdx)
	movq	-24(%rsi, %rdx), %rcx
	movq	-32(%rsi, %rdx), %rbx
	movq	%rcx, -24(%rdi, %rdx)
	movq	%rbx, -32(%rdi, %rdx)
	subq	$32, %rdx
	cmpq	$32, %rdx
	ja	1b
	movq	%r8, (%rdi)
	movq	%r9, 8(%rdi)
	movq	%r10, 16(%rdi)
	movq	%r11, 24(%rdi)
	popq	%rbx
	ret
	.size	memmove, . - memmove

	.section .text.memset, "ax"
	.balign	16
	.globl	memset
	.type	memset, @function
memset:					/* (void *to, int value, size_t n) */
	movq	%rdi, %rax
	movzbl	%sil, %esi
	movabsq	$0x0101010101010101, %rcx
	imulq	%rcx, %rsi
	cmpq	$8, %rdx
	jb	set_7
	cmpq	$STRING_BYTES, %rdx
	jae	set_string
	leaq	-8(%rdi, %rdx), %rdx	/* where the last 8 go */
	movq	%rsi, (%rdx)
1:	movq	%rsi, (%rdi)
	addq	$8, %rdi
	cmpq	%rdx, %rdi
	jb	1b
	ret

set_string:
	movq	%rax, %r8
	movq	%rsi, %rax
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	rep stosq
	movl	%edx, %ecx
	rep stosb
	movq	%r8, %rax
	ret

set_7:
	testl	%edx, %edx
	je	2f
1:	movb	%sil, -1(%rdi, %rdx)
	subl	$1, %edx
	jne	1b
2:	ret
	.size	memset, . - memset

	.section .text.memcmp, "ax"
	.balign	16
	.globl	memcmp
	.type	memcmp, @function
memcmp:					/* (const void *a, const void *b, size_t n) */
	xorl	%ecx, %ecx
	subq	$8, %rdx		/* where the last 8 are */
	jb	compare_7
1:	movq	(%rdi, %rcx), %rax
	movq	(%rsi, %rcx), %r8
	cmpq	%r8, %rax
	jne	2f
	addq	$8, %rcx
	cmpq	%rdx, %rcx
	jb	1b
	movq	(%rdi, %rdx), %rax
	movq	(%rsi, %rdx), %r8
2:	bswapq	%rax			/* the first byte that differs is the highest */
	bswapq	%r8
	xorl	%edx, %edx
	cmpq	%r8, %rax
	seta	%dl
	sbbl	$0, %edx		/* -1 below, 0 equal, 1 above */
	movl	%edx, %eax
	ret

compare_7:
	xorl	%eax, %eax
	addl	$8, %edx
	je	2f
1:	movzbl	(%rdi, %rcx), %eax
	movzbl	(%rsi, %rcx), %r8d
	subl	%r8d, %eax
	jne	2f
	incl	%ecx
	cmpl	%edx, %ecx
	jb	1b
2:	ret
	.size	memcmp, . - memcmp

	.section .note.GNU-stack, "", @progbits
