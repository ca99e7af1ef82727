/* SPDX-License-Identifier: ISC */
/*
 * What the loader told the entry code, handed on to the board.
 */
#ifndef ARCH_BOOT_H
#define ARCH_BOOT_H

#include <stdint.h>

struct boot {
	const void *fdt;     /* flattened device tree, not yet checked, or NULL */
	const char *cmdline; /* the loader's command line, NUL-terminated, or NULL */
	uintptr_t info; /* x86: what arch/pvh.h has, checked; else, or if it cannot be used, 0 */
};

#endif
