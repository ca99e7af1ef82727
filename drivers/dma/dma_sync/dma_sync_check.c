/* SPDX-License-Identifier: ISC */
/*
 * Which bytes are with devices, for builds with DMA_CHECKS=1; others do not hold this. A list
 * without an order: what is asked of it is few things about few buffers, and exactness matters more
 * than speed.
 */
#define LOG_MODULE "dma"

#include <stdbool.h>

#include "base/log.h"
#include "drivers/dma/dma_sync/dma_sync.h"

struct loan {
	uintptr_t start;
	size_t bytes;
	uint32_t sum; /* of what the device reads */
	enum dma_direction direction;
};

static struct loan loans[DMA_SYNC_LOANS_MAX];
static unsigned n_loans;

/* Fletcher's, which sees bytes that change places too. */
static uint32_t sum_of(const uint8_t *p, size_t bytes)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < bytes; i++) {
		a += p[i];
		b += a;
	}
	return b << 16 ^ b >> 16 ^ a;
}

static void check(bool is_right, const void *p, size_t bytes, const char *what)
{
	if (LIKELY(is_right))
		return;
	log_error("%zu bytes at %p %s", bytes, p, what);
	assert(is_right);
}

static bool overlaps(const struct loan *l, uintptr_t start, size_t bytes)
{
	return start < l->start + l->bytes && l->start < start + bytes;
}

void dma_sync_check_lend(const void *p, size_t bytes, enum dma_direction direction)
{
	uintptr_t start = (uintptr_t)p;

	check(bytes > 0, p, bytes, "are none for a device");
	for (unsigned i = 0; i < n_loans; i++) {
		bool both_read = direction == DMA_TO_DEVICE && loans[i].direction == DMA_TO_DEVICE;

		check(both_read || !overlaps(&loans[i], start, bytes), p, bytes,
		      "go to a device, but part of them is with one");
	}
	check(n_loans < DMA_SYNC_LOANS_MAX, p, bytes, "go to a device, and are too many to check");
	loans[n_loans++] = (struct loan){
		.start = start,
		.bytes = bytes,
		.sum = direction == DMA_TO_DEVICE ? sum_of(p, bytes) : 0,
		.direction = direction,
	};
}

/* What a return of `bytes` ends, or NULL. */
static struct loan *find(uintptr_t start, size_t bytes, enum dma_direction direction)
{
	for (unsigned i = 0; i < n_loans; i++) {
		struct loan *l = &loans[i];
		bool fits = direction == DMA_TO_DEVICE ? bytes == l->bytes : bytes <= l->bytes;

		if (l->start == start && l->direction == direction && fits)
			return l;
	}
	return NULL;
}

void dma_sync_check_return(const void *p, size_t bytes, enum dma_direction direction)
{
	struct loan *l = find((uintptr_t)p, bytes, direction);

	check(l != NULL, p, bytes, "come from a device that does not have them");
	check(direction != DMA_TO_DEVICE || l->sum == sum_of(p, bytes), p, bytes,
	      "were changed while a device read them");
	*l = loans[--n_loans];
}

void dma_sync_check_lent(const void *p, size_t bytes)
{
	uintptr_t start = (uintptr_t)p;
	bool is_lent = false;

	for (unsigned i = 0; i < n_loans && !is_lent; i++) {
		const struct loan *l = &loans[i];

		is_lent = l->direction != DMA_TO_DEVICE && l->start <= start &&
			  start + bytes <= l->start + l->bytes;
	}
	check(is_lent, p, bytes, "are looked at, but no device writes to them");
}

void dma_sync_check_forget(void)
{
	n_loans = 0;
}
