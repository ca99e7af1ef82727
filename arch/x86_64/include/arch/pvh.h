/* SPDX-License-Identifier: ISC */
/*
 * What a loader of the Xen PVH entry protocol hands to the image (xen/include/public/arch-x86/
 * hvm/start_info.h): a structure with the command line and the map of memory.
 *
 * The structure and all that it names are hostile input. They are read where they lie, in the
 * first MiB, which stays mapped, read-only, and is given to nobody. No function here allocates.
 */
#ifndef ARCH_PVH_H
#define ARCH_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	PVH_CMDLINE_MAX = 4096, /* bytes, with the NUL */
	PVH_MEMMAP_MAX = 128,   /* entries */
};

#define PVH_MAGIC 0x336ec578u

struct pvh_start_info {
	uint32_t magic;
	uint32_t version; /* the memory map needs 1 */
	uint32_t flags;
	uint32_t n_modules;
	uint64_t modules;
	uint64_t cmdline; /* 0: none */
	uint64_t rsdp;    /* of ACPI; 0: none */
	uint64_t memmap;
	uint32_t n_memmap;
	uint32_t reserved;
};

enum { PVH_MEMORY_RAM = 1 };

struct pvh_memmap_entry {
	uint64_t start;
	uint64_t bytes;
	uint32_t type;
	uint32_t reserved;
};

/* A run of RAM: whole pages. */
struct pvh_ram {
	uintptr_t start;
	size_t bytes;
};

/* The first MiB without page zero, where loaders put what they hand over. */
#define PVH_LOW ((struct pvh_ram){.start = PAGE_BYTES, .bytes = 0x100000 - PAGE_BYTES})

/*
 * Checks that the structure at `address` and its map lie within `low` and can be used; NULL if not.
 * `low` is PVH_LOW; tests have their own.
 */
MUST_USE const struct pvh_start_info *pvh_check(uint64_t address, struct pvh_ram low);

/*
 * The command line in *cmdline, NULL if there is none. ERR_RANGE: it is not within `low`, or is
 * PVH_CMDLINE_MAX bytes or longer.
 */
MUST_USE enum err pvh_cmdline(const struct pvh_start_info *info, struct pvh_ram low,
			      const char **cmdline);

/*
 * The run of RAM that begins at `address`, a whole page; of no bytes if that is not RAM. `info` has
 * been through pvh_check().
 */
struct pvh_ram pvh_ram_from(const struct pvh_start_info *info, uintptr_t address);

/*
 * The RAM of `low` behind all that the loader has left there, for who needs that no more; of no
 * bytes if there is none. `info` has been through pvh_check().
 */
struct pvh_ram pvh_ram_low(const struct pvh_start_info *info, struct pvh_ram low);

/* All RAM of the machine in bytes, for display. */
uint64_t pvh_ram_total(const struct pvh_start_info *info);

#endif
