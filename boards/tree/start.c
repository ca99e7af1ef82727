/* SPDX-License-Identifier: ISC */
#include "boards/tree/start.h"

#include <stdio.h>

#include "arch/image.h"
#include "arch/mmu.h"
#include "hal/board.h"

static struct tree_range free_memory;
static size_t ram_bytes;
static char bootargs[START_ARGS_MAX + 1];

char *board_bootargs(void)
{
	return bootargs;
}

struct board_memory board_memory(void)
{
	return (struct board_memory){
		.start = (void *)free_memory.start,
		.bytes = free_memory.bytes,
		.total_bytes = ram_bytes,
		.image_bytes = image_bytes(),
	};
}

static struct tree_range image_range(void)
{
	return (struct tree_range){(uintptr_t)image_start,
				   (uintptr_t)image_end - (uintptr_t)image_start};
}

static bool is_device(uintptr_t first, uintptr_t end)
{
	for (const struct mmu_region *r = board_regions; r->bytes > 0; r++) {
		if (r->access == MMU_DEVICE && first < r->start + r->bytes && end > r->start)
			return true;
	}
	return false;
}

bool start_map(uintptr_t start, size_t bytes, uintptr_t ram_start)
{
	uintptr_t first = ROUND_DOWN(start, (uintptr_t)PAGE_BYTES);
	uintptr_t end = ROUND_UP(start + bytes, (uintptr_t)PAGE_BYTES);
	struct tree_range image = image_range();

	if (start < ram_start || end <= start ||
	    (first < image.start + image.bytes && end > image.start) || is_device(first, end))
		return false;
	return mmu_protect(first, end - first, MMU_RW) == OK;
}

void *start_map_tree(uintptr_t at, uintptr_t ram_start, size_t *bytes)
{
	if (at % 8 != 0 || !start_map(at, TREE_HEADER_BYTES, ram_start))
		return NULL;
	*bytes = tree_bytes((const void *)at);
	if (*bytes < TREE_HEADER_BYTES || *bytes > TREE_SIZE_MAX ||
	    !start_map(at, *bytes, ram_start))
		return NULL;
	return (void *)at;
}

enum err start_copy_bootargs(const struct tree *t)
{
	if (t->bootargs_len >= sizeof(bootargs))
		return ERR_RANGE;
	snprintf(bootargs, sizeof(bootargs), "%.*s", (int)t->bootargs_len, t->bootargs);
	return OK;
}

enum err start_memory(const struct tree *t)
{
	free_memory = tree_largest_free(t, image_range());
	ram_bytes = t->ram_bytes;
	return mmu_protect(free_memory.start, free_memory.bytes, MMU_RW);
}
