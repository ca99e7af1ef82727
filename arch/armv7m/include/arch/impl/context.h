/* SPDX-License-Identifier: ISC */
/*
 * All that a call preserves lies on the context's own stack, below `sp`: 40 bytes.
 */
#ifndef ARCH_IMPL_CONTEXT_H
#define ARCH_IMPL_CONTEXT_H

#include <stdint.h>

struct context {
	uint32_t *sp;
};

#endif
