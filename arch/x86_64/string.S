/* SPDX-License-Identifier: ISC */
/*
 * memcpy(), memmove() and memset() without SSE, since interrupt handlers call them too.
 */
	.section .text.memcpy, "ax"
	.balign	16
	.globl	memcpy
	.type	memcpy, @function
memcpy:
	movq	%rdi, %rax
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	rep movsq
	movl	%edx, %ecx
	rep movsb
	ret
	.size	memcpy, . - memcpy

	.section .text.memmove, "ax"
	.balign	16
	.globl	memmove
	.type	memmove, @function
memmove:
	movq	%rdi, %rax
	subq	%rsi, %rax
	cmpq	%rdx, %rax		/* unsigned: also false if the destination is below */
	jae	memcpy
	movq	%rdi, %rax
	leaq	-1(%rsi, %rdx), %rsi
	leaq	-1(%rdi, %rdx), %rdi
	movq	%rdx, %rcx
	std
	rep movsb
	cld
	ret
	.size	memmove, . - memmove

	.section .text.memset, "ax"
	.balign	16
	.globl	memset
	.type	memset, @function
memset:
	movq	%rdi, %r8
	movzbl	%sil, %eax
	movabsq	$0x0101010101010101, %rcx
	imulq	%rcx, %rax
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	rep stosq
	movl	%edx, %ecx
	rep stosb
	movq	%r8, %rax
	ret
	.size	memset, . - memset

	.section .note.GNU-stack, "", @progbits
