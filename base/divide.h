/* SPDX-License-Identifier: ISC */
/*
 * Division of a 64-bit number, for paths that are seldom taken, such as printing.
 *
 * On a 32-bit machine `/` would be a function of the compiler's library of nearly a kilobyte; this
 * is a few instructions in a loop. Elsewhere it is the machine's own division. Any context.
 */
#ifndef BASE_DIVIDE_H
#define BASE_DIVIDE_H

#include <stdint.h>

#include "base/attr.h"

/* Returns n / d and stores n % d to *rest. `d` is not 0. */
COLD uint64_t divide(uint64_t n, uint32_t d, uint32_t *rest);

#endif
