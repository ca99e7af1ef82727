/* SPDX-License-Identifier: ISC */
/*
 * Broadcom's random number generator RNG200, of the BCM2711 and others (registers as Linux's
 * iproc-rng200 has them), for seeding.
 *
 * It is polled: rng_read() waits, for a bounded number of reads of its state for each word. What it
 * makes first after it was turned on is thrown away. The struct belongs to the caller. Start-up and
 * event loop only.
 */
#ifndef DRIVERS_RNG_IPROC_RNG200_IPROC_RNG200_H
#define DRIVERS_RNG_IPROC_RNG200_IPROC_RNG200_H

#include <stdint.h>

#include "hal/rng.h"

struct iproc_rng200 {
	struct rng rng;
	uintptr_t base;
};

/*
 * Turns the generator with its registers (40 bytes) at `base` on, if it is off, and returns its
 * rng. A read answers ERR_TIMEOUT if it does not deliver.
 */
struct rng *iproc_rng200_init(struct iproc_rng200 *r, uintptr_t base);

#endif
