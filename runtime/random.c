/* SPDX-License-Identifier: ISC */
#include "arch/barrier.h"
#include "hal/board.h"
#include "runtime/csprng.h"
#include "runtime/start.h"
#include "runtime/start_internal.h"

#include <string.h>

static struct csprng generator;

struct rng *runtime_rng(void)
{
	return &generator.rng;
}

enum err random_init(void)
{
	uint8_t seed[2 * CSPRNG_KEY_BYTES];

	csprng_init(&generator);
	size_t entropy_bytes = board_entropy(seed, sizeof(seed));
	csprng_mix(&generator, seed, entropy_bytes, entropy_bytes);
	memset(seed, 0, sizeof(seed));
	compiler_barrier(); /* keeps the wiping */
	return generator.entropy_bytes >= CSPRNG_KEY_BYTES ? OK : ERR_NOTREADY;
}
