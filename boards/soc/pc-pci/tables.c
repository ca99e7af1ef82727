/* SPDX-License-Identifier: ISC */
/*
 * Where ACPI's tables may be read.
 */
#include <stdbool.h>

#include "arch/image.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"

static bool overlaps(uint64_t address, size_t bytes, uintptr_t start, uintptr_t end)
{
	return address < end && address + bytes > start;
}

static bool is_within(uint64_t address, size_t bytes, uint64_t start, uint64_t end)
{
	return address >= start && address < end && bytes <= end - address;
}

/* Whether the loader's map has the range as something else than RAM. */
static bool is_reserved(uint64_t address, size_t bytes)
{
	const struct pvh_start_info *info = pc_loader.info;
	const struct pvh_memmap_entry *e = (const void *)(uintptr_t)info->memmap;

	for (uint32_t i = 0; i < info->n_memmap; i++) {
		if (e[i].type != PVH_MEMORY_RAM && e[i].bytes <= UINT64_MAX - e[i].start &&
		    is_within(address, bytes, e[i].start, e[i].start + e[i].bytes))
			return true;
	}
	return false;
}

static bool is_device(uint64_t address, size_t bytes)
{
	for (const struct mmu_region *r = board_regions; r->bytes != 0; r++) {
		if (overlaps(address, bytes, r->start, r->start + r->bytes))
			return true;
	}
	return false;
}

/*
 * The first MiB is readable; so is the image, which may hold a copy of ACPI's pointer. Elsewhere
 * tables lie in what firmware has kept of the RAM, which nobody here has another use for.
 */
static const void *map(void *arg, uint64_t address, size_t bytes)
{
	const struct pvh_ram low = PVH_LOW;

	(void)arg;
	if (is_within(address, bytes, low.start, low.start + low.bytes) ||
	    is_within(address, bytes, (uintptr_t)image_start, (uintptr_t)image_end))
		return (const void *)(uintptr_t)address;
	if (!is_reserved(address, bytes) || is_device(address, bytes) ||
	    overlaps(address, bytes, 0, (uintptr_t)image_end))
		return NULL;
	uint64_t start = ROUND_DOWN(address, (uint64_t)PAGE_BYTES);
	uint64_t end = ROUND_UP(address + bytes, (uint64_t)PAGE_BYTES);
	if (end > UINT32_MAX || mmu_protect(start, end - start, MMU_READ) != OK)
		return NULL;
	return (const void *)(uintptr_t)address;
}

enum err pc_pci_tables(struct acpi *acpi)
{
	static const struct acpi_memory memory = {.map = map};

	return pc_loader.info->rsdp != 0 ? acpi_init(acpi, &memory, pc_loader.info->rsdp)
					 : ERR_NODEV;
}
