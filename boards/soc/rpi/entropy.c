/* SPDX-License-Identifier: ISC */
/*
 * Seed material: the chip's generator and the device tree's rng-seed.
 */
#include "base/attr.h"
#include "boards/soc/rpi/rpi.h"
#include "boards/tree/seed.h"
#include "hal/board.h"

static size_t from_generator(uint8_t *bytes, size_t max)
{
	struct rng *rng = rpi_chip_rng();

	return rng != NULL && rng_read(rng, bytes, max) == OK ? max : 0;
}

size_t board_entropy(void *bytes, size_t max)
{
	static seed_source_fn *const sources[] = {from_generator, seed_of_tree};

	return seed_combine(bytes, max, sources, ARRAY_SIZE(sources));
}
