/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "random"
#include "arch/barrier.h"
#include "base/log.h"
#include "hal/board.h"
#include "runtime/random/csprng.h"
#include "runtime/start.h"

#include <string.h>

static void seed(struct csprng *generator)
{
	uint8_t bytes[2 * CSPRNG_KEY_BYTES];

	csprng_init(generator);
	size_t entropy_bytes = board_entropy(bytes, sizeof(bytes));
	csprng_mix(generator, bytes, entropy_bytes, entropy_bytes);
	memset(bytes, 0, sizeof(bytes));
	compiler_barrier(); /* keeps the wiping */
	if (generator->entropy_bytes < CSPRNG_KEY_BYTES)
		log_warn_brief("warning", "no source of random numbers",
			       "no source of random numbers: what needs them will not work");
	boot_mark("random numbers");
}

struct rng *runtime_rng(void)
{
	static struct csprng generator;

	if (generator.rng.ops == NULL)
		seed(&generator);
	return &generator.rng;
}
