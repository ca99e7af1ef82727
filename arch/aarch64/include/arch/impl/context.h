/* SPDX-License-Identifier: ISC */
/*
 * A suspended context of aarch64 is a stack pointer: the registers lie on the stack (switch.S).
 */
#ifndef ARCH_IMPL_CONTEXT_H
#define ARCH_IMPL_CONTEXT_H

struct context {
	void *sp;
};

#endif
