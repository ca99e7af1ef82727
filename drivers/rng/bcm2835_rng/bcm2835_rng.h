/* SPDX-License-Identifier: ISC */
/*
 * The random number generator of the BCM2835, BCM2836 and BCM2837 (registers as Linux's
 * bcm2835-rng has them), for seeding.
 *
 * It is polled: rng_read() waits, for a bounded number of reads of its state for each word. After
 * it is turned on its first words are thrown away by the device itself. The struct belongs to the
 * caller. Start-up and event loop only.
 */
#ifndef DRIVERS_RNG_BCM2835_RNG_BCM2835_RNG_H
#define DRIVERS_RNG_BCM2835_RNG_BCM2835_RNG_H

#include <stdint.h>

#include "hal/rng.h"

struct bcm2835_rng {
	struct rng rng;
	uintptr_t base;
};

/*
 * Turns the generator with its registers (20 bytes) at `base` on, if it is off, and returns its
 * rng. A read answers ERR_TIMEOUT if it does not deliver.
 */
struct rng *bcm2835_rng_init(struct bcm2835_rng *r, uintptr_t base);

#endif
