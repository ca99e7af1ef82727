/* SPDX-License-Identifier: ISC */
/*
 * A slice is a run of bytes that somebody else may still own: the unit in which payload
 * travels without being copied.
 *
 * `owner` counts who still needs the memory. NULL means that it lives as long as the
 * image does (an embedded file, a constant). Whoever keeps a slice beyond the call that
 * showed it takes a reference, and drops it when done. Counts are plain integers: they
 * are touched from the event loop only, never from an interrupt.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/attr.h"

struct ref {
	uint32_t count;
	void (*release)(struct ref *ref); /* called once, when the count reaches zero */
};

BRIEF void ref_get(struct ref *r)
{
	if (r == NULL)
		return;
	assert(r->count > 0 && r->count < UINT32_MAX);
	r->count++;
}

/* As ref_put() of one that there is. */
HOT(device) static inline void ref_drop(struct ref *r)
{
	assert(r->count > 0);
	if (--r->count == 0)
		r->release(r);
}

/* Mostly there is none: constant bytes have no owner. */
ALWAYS_INLINE void ref_put(struct ref *r)
{
	if (r != NULL)
		ref_drop(r);
}

struct slice {
	const uint8_t *data;
	size_t len; /* bytes */
	struct ref *owner;
};

#define SLICE_STATIC(bytes, n) ((struct slice){.data = (const void *)(bytes), .len = (n)})

#endif
