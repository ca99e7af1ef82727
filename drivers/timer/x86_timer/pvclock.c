/* SPDX-License-Identifier: ISC */
#include "drivers/timer/x86_timer/pvclock.h"

#include "arch/barrier.h"
#include "base/assert.h"
#include "base/attr.h"

enum { VERSION_TRIES = 1000 };

#define NS_PER_MS 1000000u

void pvclock_set(struct pvclock *p, uint32_t khz, uint64_t tsc)
{
	assert(khz != 0);
	/* 2^shift * mult / 2^32 = 10^6 / khz */
	int8_t shift = 0;
	uint64_t mult = ((uint64_t)NS_PER_MS << 32) / khz;
	for (; mult > UINT32_MAX; mult >>= 1)
		shift++;
	*p = (struct pvclock){.tsc = tsc, .mult = (uint32_t)mult, .shift = shift};
}

uint64_t pvclock_ticks_to_ns(const struct pvclock *p, uint64_t ticks)
{
	uint64_t shifted = p->shift >= 0 ? ticks << (p->shift & 63) : ticks >> (-p->shift & 63);
	return (uint64_t)((unsigned __int128)shifted * p->mult >> 32);
}

uint64_t pvclock_ticks_per_ns_q32(const struct pvclock *p)
{
	if (p->mult == 0)
		return 0;
	uint64_t q32 = UINT64_MAX / p->mult; /* 2^64 / mult */
	return p->shift >= 0 ? q32 >> (p->shift & 63) : q32 << (-p->shift & 63);
}

struct pvclock pvclock_snapshot(const volatile struct pvclock *p)
{
	struct pvclock copy = {0};
	for (unsigned i = 0; i < VERSION_TRIES; i++) {
		uint32_t version = p->version;
		/* The version is read before the rest, and once more after it. */
		dma_read_barrier();
		copy = (struct pvclock){
			.tsc = p->tsc,
			.base_ns = p->base_ns,
			.mult = p->mult,
			.shift = p->shift,
		};
		dma_read_barrier();
		if (version % 2 == 0 && p->version == version)
			break;
		cpu_relax();
	}
	return copy;
}

uint64_t pvclock_ns(const struct pvclock *p, uint64_t tsc)
{
	/* A counter that was set, or read too early, may lie a little behind. */
	uint64_t ticks = tsc > p->tsc ? tsc - p->tsc : 0;
	return p->base_ns + pvclock_ticks_to_ns(p, ticks);
}
