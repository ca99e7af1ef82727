/* SPDX-License-Identifier: ISC */
/*
 * Seed material: the chip's generator and the device tree's rng-seed.
 */
#include "base/attr.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/tree/seed.h"
#include "drivers/rng/bcm2835_rng/bcm2835_rng.h"
#include "hal/board.h"

static size_t from_generator(uint8_t *bytes, size_t max)
{
	static struct bcm2835_rng generator;
	struct rng *rng = bcm2835_rng_init(&generator, BCM2836_RNG_BASE);

	return rng_read(rng, bytes, max) == OK ? max : 0;
}

size_t board_entropy(void *bytes, size_t max)
{
	static seed_source_fn *const sources[] = {from_generator, seed_of_tree};

	return seed_combine(bytes, max, sources, ARRAY_SIZE(sources));
}
