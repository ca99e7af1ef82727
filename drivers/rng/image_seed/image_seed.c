/* SPDX-License-Identifier: ISC */
#include "drivers/rng/image_seed/image_seed.h"

#include <stdint.h>

#include "base/attr.h"

static const struct {
	char magic[8];
	uint8_t seed[IMAGE_SEED_BYTES];
} in_image SECTION(".rodata.image_seed") = {.magic = {'F', 'a', 't', 'a', 'S', 'e', 'e', 'd'}};

size_t image_seed_copy(void *bytes, size_t max)
{
	const uint8_t *seed = in_image.seed;
	uint8_t *to = bytes, any = 0;

	/* The compiler must not know what is there: the file is rewritten after it was compiled. */
	__asm__("" : "+r"(seed));
	for (size_t i = 0; i < IMAGE_SEED_BYTES; i++) {
		any |= seed[i];
		if (i < max)
			to[i] = seed[i];
	}
	return any != 0 ? MIN(max, (size_t)IMAGE_SEED_BYTES) : 0;
}
