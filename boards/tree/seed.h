/* SPDX-License-Identifier: ISC */
/*
 * Seed material for board_entropy(): what the device tree had, and several sources made one.
 */
#ifndef BOARDS_TREE_SEED_H
#define BOARDS_TREE_SEED_H

#include <stddef.h>
#include <stdint.h>

#include "boards/tree/tree.h"

/* Writes up to `max` bytes, at most SEED_BYTES, and returns how many; 0: it has none. */
typedef size_t seed_source_fn(uint8_t *bytes, size_t max);

enum { SEED_BYTES = 64 };

/* Keeps the seed of the device tree, folded if it is longer, and wipes it there. */
void seed_take(struct tree *t);

/* A source: that seed, which it yields once. */
seed_source_fn seed_of_tree;

/*
 * Asks all `n` sources and combines them by exclusive or, so that the result is as good as the best
 * of them. Returns how many bytes at `bytes`, of at most `max`, are of full entropy.
 */
size_t seed_combine(uint8_t *bytes, size_t max, seed_source_fn *const *sources, size_t n);

#endif
