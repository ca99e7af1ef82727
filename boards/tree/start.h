/* SPDX-License-Identifier: ISC */
/*
 * What a board that is started as Linux is does first: map the device tree, copy the boot arguments
 * and the seed out of it, find the memory for the heap. board_bootargs() and board_memory() of
 * hal/board.h are here too. For board_init() only, on one core, in this order.
 */
#ifndef BOARDS_TREE_START_H
#define BOARDS_TREE_START_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "boards/tree/tree.h"

/*
 * Maps the pages that hold `bytes` from `start`, which must lie at or above `ram_start`, outside
 * the image and outside the board's devices. False if they do not, or there are no page tables
 * left.
 */
MUST_USE bool start_map(uintptr_t start, size_t bytes, uintptr_t ram_start);

/* The device tree at `at`, mapped and writable, and its size; NULL: there is none. Unchecked. */
void *start_map_tree(uintptr_t at, uintptr_t ram_start, size_t *bytes);

/* Copies the boot arguments that `t` points to. ERR_RANGE: they are longer than START_ARGS_MAX. */
enum { START_ARGS_MAX = 2047 };
#define START_ARGS_TOO_LONG "the boot arguments are longer than 2047 bytes"
MUST_USE enum err start_copy_bootargs(const struct tree *t);

/* Maps the largest free run of RAM for the heap; ERR_NOMEM if there are no page tables left. */
MUST_USE enum err start_memory(const struct tree *t);

#endif
