/* SPDX-License-Identifier: ISC */
/*
 * What the loader of a PC said, copied to where it can stay: Multiboot2 loaders leave it anywhere,
 * and PVH loaders that come after a BIOS have the map of memory in page zero.
 */
#include <string.h>

#include "arch/x86_64/loaders/layout.h"
#include "arch/x86_64/loaders/multiboot2.h"
#include "arch/x86_64/x86_64.h"

extern uint8_t multiboot2_copy[MULTIBOOT2_BYTES_MAX];

static enum err from_pvh(struct multiboot2 *out, uintptr_t address)
{
	const struct pvh_ram first_mib = {.start = 0, .bytes = PVH_LOW.start + PVH_LOW.bytes};
	const struct pvh_start_info *info = pvh_check(address, first_mib);

	if (info == NULL)
		return ERR_INVALID;
	out->info = *info;
	out->info.memmap = (uintptr_t)out->map;
	memcpy(out->map, (const void *)(uintptr_t)info->memmap,
	       info->n_memmap * sizeof(struct pvh_memmap_entry));
	return OK;
}

const struct pvh_start_info *loaders_start_info(uintptr_t address, struct pvh_ram *window)
{
	static struct multiboot2 found;

	if (address != (uintptr_t)multiboot2_copy)
		return from_pvh(&found, address) == OK ? &found.info : NULL;
	*window = (struct pvh_ram){.start = address, .bytes = sizeof(multiboot2_copy)};
	return multiboot2_parse(&found, multiboot2_copy, sizeof(multiboot2_copy)) == OK
		       ? &found.info
		       : NULL;
}
