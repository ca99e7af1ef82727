/* SPDX-License-Identifier: ISC */
#include "base/attr.h"
#include "boards/tree/tree.h"

/* Whether address `at` lies in `r`; *next becomes the nearest start of a range behind it. */
static bool in_use(struct tree_range r, uintptr_t at, uintptr_t *next)
{
	if (r.start > at)
		*next = MIN(*next, r.start);
	return at >= r.start && at - r.start < r.bytes;
}

/* The free run that begins at `start`, in RAM that ends at `end`; no bytes if that is in use. */
static struct tree_range free_run(const struct tree *t, struct tree_range image, uintptr_t start,
				  uintptr_t end)
{
	bool used;

	start = ROUND_UP(start, (uintptr_t)PAGE_BYTES);
	used = start >= end || in_use(image, start, &end);
	for (unsigned i = 0; i < t->n_reserved; i++)
		used |= in_use(t->reserved[i], start, &end);
	end = ROUND_DOWN(end, (uintptr_t)PAGE_BYTES);
	if (used || end <= start)
		return (struct tree_range){0};
	return (struct tree_range){start, end - start};
}

static uintptr_t end_of(struct tree_range r)
{
	return r.start + r.bytes;
}

/* A run begins where RAM does, or where something that is in use ends. */
struct tree_range tree_largest_free(const struct tree *t, struct tree_range image)
{
	struct tree_range best = {0};

	for (unsigned i = 0; i < t->n_ram; i++) {
		uintptr_t start = t->ram[i].start, end = end_of(t->ram[i]);

		for (unsigned j = 0; j < t->n_reserved + 2; j++) {
			uintptr_t from = j == 0   ? start
					 : j == 1 ? end_of(image)
						  : end_of(t->reserved[j - 2]);
			struct tree_range run = {0};

			if (from >= start && from < end)
				run = free_run(t, image, from, end);
			if (run.bytes > best.bytes)
				best = run;
		}
	}
	return best;
}
