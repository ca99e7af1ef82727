/* SPDX-License-Identifier: ISC */
/*
 * The board has no source of random bits: the seed is in the image, and what the counter says now
 * is mixed in, as two starts seldom come here at the same tick.
 */
#include "arch/cpu.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "drivers/rng/image_seed/image_seed.h"
#include "hal/board.h"

size_t board_entropy(void *bytes, size_t max)
{
	size_t n = image_seed_copy(bytes, max);

	if (n >= sizeof(uint32_t))
		store_le32(bytes, load_le32(bytes) ^ (uint32_t)cpu_cycles());
	return n;
}
