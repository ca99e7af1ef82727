/* SPDX-License-Identifier: ISC */
/*
 * Memory and cache as two copies, for unit tests of drivers whose devices do not see the caches.
 *
 * What the test and the driver see is the cache; what the device sees is memory, which is in here.
 * The cache is the worst that there can be: each line is always in it, so that nothing which a
 * device has written is seen before the driver discards the line; and what is newer in it is
 * written back at the worst moment, over what a device has just written. So a clean or an
 * invalidate that a driver forgets, or that comes too early, fails the test: at the device's next
 * access, or as the driver reads old bytes. (A line is newer if it differs from what it was: a
 * driver that writes over old bytes the very same ones is not seen to write.) Before the first
 * clean or invalidate of a line memory has in it what nobody wrote.
 *
 * A fake of a device includes this before the driver's .c file, so that arch/cache.h is kept out
 * and the checks of drivers/dma/dma_sync are in, and moves bytes by the two device calls alone.
 */
#ifndef TESTS_FAKES_CACHE_FAKE_H
#define TESTS_FAKES_CACHE_FAKE_H
#define ARCH_CACHE_H
#define DMA_CHECKS

#include <stddef.h>
#include <stdint.h>

enum { CACHE_FAKE_LINES = 1 << 15 }; /* that may be touched from init to fini */

/* From here on all lines are newer in the cache, and nothing is with a device. */
void cache_fake_init(void);
void cache_fake_fini(void);

/* The device's accesses to memory; they fail the test as described above. */
void cache_fake_device_read(void *to, const void *from, size_t bytes);
void cache_fake_device_write(void *to, const void *from, size_t bytes);

/* The processor's maintenance: arch/cache.h. Failed are ranges that are not whole lines. */
void cache_fake_clean(const void *p, size_t bytes);
void cache_fake_invalidate(void *p, size_t bytes);

static inline void cache_clean(const void *p, size_t bytes)
{
	cache_fake_clean(p, bytes);
}

static inline void cache_invalidate(void *p, size_t bytes)
{
	cache_fake_invalidate(p, bytes);
}

#endif
