/* SPDX-License-Identifier: ISC */
#include "arch/pvh.h"

#include <string.h>

/* Whether all `bytes` at `address` lie in the window. */
static bool inside(struct pvh_ram window, uint64_t address, uint64_t bytes)
{
	return address >= window.start && bytes <= window.bytes &&
	       address - window.start <= window.bytes - bytes;
}

const struct pvh_start_info *pvh_check(uint64_t address, struct pvh_ram low)
{
	if (address % _Alignof(struct pvh_start_info) != 0 ||
	    !inside(low, address, sizeof(struct pvh_start_info)))
		return NULL;
	const struct pvh_start_info *info = (const void *)(uintptr_t)address;
	if (info->magic != PVH_MAGIC || info->version < 1 || info->n_memmap > PVH_MEMMAP_MAX ||
	    info->memmap % _Alignof(struct pvh_memmap_entry) != 0 ||
	    !inside(low, info->memmap, info->n_memmap * sizeof(struct pvh_memmap_entry)))
		return NULL;
	return info;
}

enum err pvh_cmdline(const struct pvh_start_info *info, struct pvh_ram low, const char **cmdline)
{
	*cmdline = NULL;
	if (info->cmdline == 0)
		return OK;
	if (!inside(low, info->cmdline, 1))
		return ERR_RANGE;
	const char *text = (const char *)(uintptr_t)info->cmdline;
	size_t left = low.bytes - (size_t)(info->cmdline - low.start);
	if (memchr(text, '\0', MIN(left, (size_t)PVH_CMDLINE_MAX)) == NULL)
		return ERR_RANGE;
	*cmdline = text;
	return OK;
}

static const struct pvh_memmap_entry *entries(const struct pvh_start_info *info)
{
	return (const void *)(uintptr_t)info->memmap;
}

/* The first byte after an entry; one that reaches past the last address ends there. */
static uint64_t entry_end(const struct pvh_memmap_entry *e)
{
	return e->bytes <= UINT64_MAX - e->start ? e->start + e->bytes : UINT64_MAX;
}

struct pvh_ram pvh_ram_from(const struct pvh_start_info *info, uintptr_t address)
{
	const struct pvh_memmap_entry *e = entries(info);
	uint64_t end = address;
	for (uint32_t i = 0; i < info->n_memmap; i++) {
		if (e[i].type == PVH_MEMORY_RAM && e[i].start <= address && entry_end(&e[i]) > end)
			end = entry_end(&e[i]);
	}
	/* What another entry reserves is not RAM, whatever the first one said. */
	for (uint32_t i = 0; i < info->n_memmap; i++) {
		if (e[i].type != PVH_MEMORY_RAM && e[i].bytes > 0 && entry_end(&e[i]) > address)
			end = MIN(end, MAX(e[i].start, (uint64_t)address));
	}
	size_t bytes = ROUND_DOWN((size_t)end, (size_t)PAGE_BYTES);
	return (struct pvh_ram){.start = address, .bytes = bytes > address ? bytes - address : 0};
}

/* Moves the beginning of *ram behind `bytes` at `start`, if they lie in front of its end. */
static void pass_over(struct pvh_ram *ram, uint64_t start, uint64_t bytes)
{
	uintptr_t end = ram->start + ram->bytes;

	if (start >= end)
		return;
	uintptr_t behind = (uintptr_t)ROUND_UP(start + bytes, (uint64_t)PAGE_BYTES);
	ram->start = MIN(MAX(ram->start, behind), end);
	ram->bytes = end - ram->start;
}

struct pvh_ram pvh_ram_low(const struct pvh_start_info *info, struct pvh_ram low)
{
	struct pvh_ram ram = pvh_ram_from(info, low.start);
	const char *cmdline;

	ram.bytes = MIN(ram.bytes, low.bytes);
	pass_over(&ram, (uintptr_t)info, sizeof(*info));
	pass_over(&ram, info->memmap, info->n_memmap * sizeof(struct pvh_memmap_entry));
	if (pvh_cmdline(info, low, &cmdline) == OK && cmdline != NULL)
		pass_over(&ram, info->cmdline, strlen(cmdline) + 1);
	return ram;
}

uint64_t pvh_ram_total(const struct pvh_start_info *info)
{
	const struct pvh_memmap_entry *e = entries(info);
	uint64_t total = 0;
	for (uint32_t i = 0; i < info->n_memmap; i++) {
		if (e[i].type == PVH_MEMORY_RAM)
			total += MIN(e[i].bytes, UINT64_MAX - total);
	}
	return total;
}
