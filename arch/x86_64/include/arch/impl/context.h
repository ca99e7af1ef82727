/* SPDX-License-Identifier: ISC */
/*
 * The registers that the System V ABI preserves across a call lie on the context's own stack
 * (switch.S), so its stack pointer is all that there is to keep.
 */
#ifndef ARCH_IMPL_CONTEXT_H
#define ARCH_IMPL_CONTEXT_H

struct context {
	void *sp;
};

#endif
