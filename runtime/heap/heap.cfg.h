/* SPDX-License-Identifier: ISC */
/* The heap, from which everything that is taken at the start comes. */
#ifndef RUNTIME_HEAP_CFG_H
#define RUNTIME_HEAP_CFG_H

#include <fata/module.h>

static inline struct fata_node *fata_heap(void)
{
	static const struct fata_spec spec = {
		.kind = "heap",
		.about = "heap (TLSF)",
		.modules = "runtime/heap",
		.headers = "runtime/heap/heap.h",
		.early = true,
		.start = "memory_start();",
	};
	return fata_single(&spec, "heap", FATA_USES());
}

#endif
