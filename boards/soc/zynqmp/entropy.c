/* SPDX-License-Identifier: ISC */
/*
 * Seed material: the image's seed and the device tree's rng-seed. The seed of an image is the same
 * at each start: what the counter says now is mixed in.
 */
#include "arch/cpu.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "boards/tree/seed.h"
#include "drivers/rng/image_seed/image_seed.h"
#include "hal/board.h"

static size_t from_image(uint8_t *bytes, size_t max)
{
	size_t n = image_seed_copy(bytes, max);

	if (n >= sizeof(uint32_t))
		store_le32(bytes, load_le32(bytes) ^ (uint32_t)cpu_cycles());
	return n;
}

size_t board_entropy(void *bytes, size_t max)
{
	static seed_source_fn *const sources[] = {from_image, seed_of_tree};

	return seed_combine(bytes, max, sources, ARRAY_SIZE(sources));
}
