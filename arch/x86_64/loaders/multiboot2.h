/* SPDX-License-Identifier: ISC */
/*
 * What a Multiboot2 loader hands to the image (GNU Multiboot2 Specification 2.0, section 3.6): a
 * list of tags, made into what a PVH loader would have handed over, so that nobody else has to know
 * which it was. The list is hostile input: it is read within its bytes only, each tag once.
 */
#ifndef ARCH_X86_64_LOADERS_MULTIBOOT2_H
#define ARCH_X86_64_LOADERS_MULTIBOOT2_H

#include <stddef.h>

#include "arch/pvh.h"

struct multiboot2 {
	struct pvh_start_info info; /* its pointers lead to `map` and into the tags */
	struct pvh_memmap_entry map[PVH_MEMMAP_MAX];
};

/*
 * Makes *out of the `len` bytes of tags at `tags`, which stay where they are. A tag that is
 * malformed, or in the map what does not fit, is passed over. ERR_INVALID: this is no such list, it
 * is longer than `len`, or it has no map of memory.
 */
MUST_USE enum err multiboot2_parse(struct multiboot2 *out, const void *tags, size_t len);

#endif
