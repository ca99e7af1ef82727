/* SPDX-License-Identifier: ISC */
/*
 * Entry stubs of all vectors: exceptions become a struct trap_frame on the fault stack and end in
 * fault_from_trap(); interrupts save what a C function may change and call interrupt().
 *
 * Interrupt handlers are compiled without SSE and x87 (arch.mk), so those registers are not saved.
 * Both run on stacks of their own, so the interrupted code may use memory below its stack
 * pointer (the red zone), and needs no room for interrupts on its stack.
 */
#include "arch/x86_64/layout.h"

/* Vectors for which the processor pushes an error code: SDM 3A table 6-1. */
#define HAS_ERROR_CODE ((1 << 8) | (0x1f << 10) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30))

	.section .text.vectors, "ax"
	.balign	16
	.globl	exception_stubs
exception_stubs:
	.set	vector, 0
	.rept	32
	.balign	STUB_BYTES
	.if	((HAS_ERROR_CODE >> vector) & 1) == 0
	pushq	$0
	.endif
	call	exception_common	/* its return address tells the vector */
	.set	vector, vector + 1
	.endr

	.balign	16
	.globl	interrupt_stubs
interrupt_stubs:
	.rept	64
	.balign	STUB_BYTES
	pushq	$vector
	jmp	interrupt_common
	.set	vector, vector + 1
	.endr

	.balign	16
	.type	exception_common, @function
exception_common:
	pushq	%rax
	pushq	%rbx
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	cld
	subq	$exception_stubs, 15 * 8(%rsp)
	shrq	$STUB_SHIFT, 15 * 8(%rsp)
	movq	%rsp, %rdi
	movq	%cr2, %rsi
	andq	$-16, %rsp
	call	fault_from_trap
	ud2
	.size	exception_common, . - exception_common

	.balign	16
	.type	interrupt_common, @function
interrupt_common:
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	movq	8(%rbp), %rax
	movl	%eax, irq_vector(%rip)
	/* The processor aligned the stack, pushed 5 words, the stub 1, this 10: aligned again. */
	call	interrupt
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	popq	%rbp
	addq	$8, %rsp
	iretq
	.size	interrupt_common, . - interrupt_common

	.section .note.GNU-stack, "", @progbits
