/* SPDX-License-Identifier: ISC */
/*
 * What memory needs before and after a device's DMA, where devices do not see the caches.
 *
 * A buffer belongs to the processor or to a device. dma_sync_for_device() hands it to the device,
 * just before a descriptor or a register tells of it; dma_sync_for_cpu() takes it back, once the
 * device has said that it is done or has been stopped. In between the processor neither reads nor
 * writes it, but for dma_sync_peek(), which looks at what a device has written to a descriptor that
 * stays its own. Who hands over says which way the bytes go, the same both times:
 *
 *                          for the device                      for the processor
 *   DMA_TO_DEVICE          lines are written back              nothing
 *   DMA_FROM_DEVICE        lines are discarded, so that none   lines are discarded, since the
 *                          is written back over what comes     processor may have fetched ahead
 *   DMA_BIDIRECTIONAL      lines are written back              lines are discarded
 *
 * Discarding a line discards all of it: what a device writes to is whole lines, from a multiple of
 * CACHE_LINE_BYTES on, and a buffer that would share its first or last line with something else is
 * refused by an assertion. Packets of a pool (base/pkt.h) have their lines to themselves; a
 * descriptor of a ring has if it is padded to one. What a device only reads may lie anywhere.
 *
 * Where devices see the caches, all this is nothing. A build with DMA_CHECKS=1 checks it on every
 * machine, also on those that have no caches, as emulators: which bytes are with a device is kept
 * in a list, and asserted are that nothing is handed over or taken back twice, or while a part of
 * it is with another device that writes, and that what a device reads is not changed meanwhile. A
 * buffer to receive into is filled with DMA_SYNC_POISON, so that bytes which the device has not
 * written are never those of an earlier frame.
 *
 * The calls order memory before the registers that are written after them. Event loop and start-up
 * only, not for interrupt handlers.
 */
#ifndef DRIVERS_DMA_DMA_SYNC_DMA_SYNC_H
#define DRIVERS_DMA_DMA_SYNC_DMA_SYNC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arch/cache.h"
#include "base/assert.h"
#include "base/attr.h"

enum dma_direction {
	DMA_TO_DEVICE,     /* the device reads */
	DMA_FROM_DEVICE,   /* it writes, and nothing in the buffer matters before */
	DMA_BIDIRECTIONAL, /* both: a descriptor, which says whose it is */
};

enum {
	DMA_SYNC_POISON = 0xdb,
	DMA_SYNC_LOANS_MAX = 1024, /* buffers that are with devices; with DMA_CHECKS=1 only */
};

/* --- dma_sync_check.c, for the functions below ------------------------------------------------ */

/* Note that a buffer goes to a device, and comes back, and that it is there; else assert. */
void dma_sync_check_lend(const void *p, size_t bytes, enum dma_direction direction);
void dma_sync_check_return(const void *p, size_t bytes, enum dma_direction direction);
void dma_sync_check_lent(const void *p, size_t bytes);

/* For unit tests: nothing is with a device any more. */
void dma_sync_check_forget(void);

#ifdef DMA_CHECKS
#define DMA_SYNC_CHECKS 1
#else
#define DMA_SYNC_CHECKS 0
#endif

/* --- handing over ----------------------------------------------------------------------------- */

/*
 * Hands `bytes` at `p` to a device. Asserts that they are whole lines, if the device writes to
 * them. What the device only reads may be with it several times, or with several.
 */
static inline void dma_sync_for_device(const void *p, size_t bytes, enum dma_direction direction)
{
	void *memory = (void *)(uintptr_t)p;

	assert(direction == DMA_TO_DEVICE || ((uintptr_t)p | bytes) % CACHE_LINE_BYTES == 0);
	if (DMA_SYNC_CHECKS) {
		if (direction == DMA_FROM_DEVICE) {
			memset(memory, DMA_SYNC_POISON, bytes);
			cache_clean(memory, bytes);
		}
		dma_sync_check_lend(p, bytes, direction);
	}
	if (direction == DMA_FROM_DEVICE)
		cache_invalidate(memory, bytes);
	else
		cache_clean(p, bytes);
}

/*
 * Takes back what was handed over at `p`, all of it. `bytes` are those that the processor will
 * look at: as many as the device wrote, at most as many as were handed over; 0 if nobody will. Of
 * what the device only reads, as many as were handed over.
 */
static inline void dma_sync_for_cpu(const void *p, size_t bytes, enum dma_direction direction)
{
	if (DMA_SYNC_CHECKS)
		dma_sync_check_return(p, bytes, direction);
	if (direction != DMA_TO_DEVICE && bytes > 0)
		cache_invalidate((void *)(uintptr_t)p, ROUND_UP(bytes, (size_t)CACHE_LINE_BYTES));
}

/*
 * Shows the processor what the device has written so far to the `bytes` at `p`, which were handed
 * over as DMA_BIDIRECTIONAL or DMA_FROM_DEVICE and stay the device's.
 */
static inline void dma_sync_peek(const void *p, size_t bytes)
{
	if (DMA_SYNC_CHECKS)
		dma_sync_check_lent(p, bytes);
	cache_invalidate((void *)(uintptr_t)p, ROUND_UP(bytes, (size_t)CACHE_LINE_BYTES));
}

#endif
