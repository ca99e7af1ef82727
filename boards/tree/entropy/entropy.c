/* SPDX-License-Identifier: ISC */
/*
 * For boards without a generator that is known to work: the seed is the device tree's rng-seed, the
 * one in the image, or both, and what the counter says now is mixed in, as two starts seldom come
 * here at the same tick.
 */
#include "arch/cpu.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "boards/tree/seed.h"
#include "drivers/rng/image_seed/image_seed.h"
#include "hal/board.h"

static size_t from_image(uint8_t *bytes, size_t max)
{
	return image_seed_copy(bytes, max);
}

size_t board_entropy(void *bytes, size_t max)
{
	static seed_source_fn *const sources[] = {from_image, seed_of_tree};
	size_t n = seed_combine(bytes, max, sources, ARRAY_SIZE(sources));

	if (n >= sizeof(uint32_t))
		store_le32(bytes, load_le32(bytes) ^ (uint32_t)cpu_cycles());
	return n;
}
