/* SPDX-License-Identifier: ISC */
/* The cryptographic generator, seeded from the board's sources of entropy. */
#ifndef RUNTIME_RANDOM_CFG_H
#define RUNTIME_RANDOM_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"

static inline rng_t default_rng(void)
{
	static const struct fata_spec spec = {
		.kind = "rng",
		.about = "random numbers",
		.signature = &fata_signature_rng,
		.modules = "runtime/random",
		.headers = "runtime/start.h",
		.value = "runtime_rng()",
		/* Seeded now: later is when strangers can reach the image. */
		.start = "(void)runtime_rng();\nreturn OK;",
	};
	return (rng_t){fata_single(&spec, "rng", FATA_USES({"loop", fata_loop()}))};
}
#define default_rng() FATA_HERE(default_rng())

FATA_OFFERS(default_rng, "rng_t default_rng(void)",
	    "the image's cryptographic random number generator")

#endif
