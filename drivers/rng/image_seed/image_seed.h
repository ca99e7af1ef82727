/* SPDX-License-Identifier: ISC */
/*
 * Seed material in the image file itself, for machines that have no source of random bits: a tool
 * writes it, for each machine its own, where the image that was built has zeros.
 *
 * It is a secret as long as nobody reads the machine's flash, and the same at each start: what is
 * made from it alone repeats. Whoever seeds a generator with it adds what differs between starts.
 *
 *      offset  bytes
 *           0      8  "FataSeed"
 *           8     32  the seed, or zeros: there is none
 */
#ifndef DRIVERS_RNG_IMAGE_SEED_IMAGE_SEED_H
#define DRIVERS_RNG_IMAGE_SEED_IMAGE_SEED_H

#include <stddef.h>

enum { IMAGE_SEED_BYTES = 32 };

/* Copies up to `max` bytes of the seed and returns how many; 0 if nobody has written one. */
size_t image_seed_copy(void *bytes, size_t max);

#endif
