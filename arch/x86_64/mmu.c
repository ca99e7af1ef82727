/* SPDX-License-Identifier: ISC */
/*
 * Page tables of four levels (Intel SDM volume 3A, section 4.5). Level 0 is the table whose entries
 * map 4 KiB pages; an entry of level 1 maps 2 MiB or names a table of level 0, and so on up.
 * Addresses are physical and virtual at once, so a table's entry is also a pointer to it.
 */
#include "arch/mmu.h"

#include <stdbool.h>
#include <string.h>

#include "arch/image.h"
#include "arch/pvh.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/x86_64.h"
#include "base/assert.h"

#define PTE_PRESENT  (UINT64_C(1) << 0)
#define PTE_WRITE    (UINT64_C(1) << 1)
#define PTE_UNCACHED (UINT64_C(3) << 3) /* PWT and PCD: the reset PAT's strong uncached */
#define PTE_USED     (UINT64_C(3) << 5) /* accessed and dirty: spares the processor the write */
#define PTE_LARGE    (UINT64_C(1) << 7) /* level 1 and up: maps memory, names no table */
#define PTE_NO_EXEC  (UINT64_C(1) << 63)
#define PTE_ADDRESS  UINT64_C(0x000ffffffffff000)

enum { ENTRIES = 512, LEVEL_2M = 1, LEVEL_ROOT = 3 };

/* Beyond this it is cheaper to forget all translations. */
#define FLUSH_EACH_BYTES_MAX (16 * (size_t)PAGE_BYTES)

#define ADDRESS_LIMIT (UINT64_C(1) << 47) /* of the lower, canonical half */

extern uint64_t page_tables[PAGE_TABLES][ENTRIES];

static uint64_t *root;
static unsigned n_tables;

static uint64_t level_bytes(unsigned level)
{
	return (uint64_t)PAGE_BYTES << (9 * level);
}

/* An empty table, or NULL. */
static uint64_t *take_table(void)
{
	if (n_tables == PAGE_TABLES)
		return NULL;
	return memset(page_tables[n_tables++], 0, sizeof(page_tables[0]));
}

/* The table that `entry`, of `level`, names. One that maps a large page or nothing is split. */
static uint64_t *table_below(uint64_t *entry, unsigned level)
{
	if ((*entry & PTE_PRESENT) != 0 && (*entry & PTE_LARGE) == 0)
		return (uint64_t *)(uintptr_t)(*entry & PTE_ADDRESS);
	uint64_t *table = take_table();
	if (table == NULL)
		return NULL;
	if ((*entry & PTE_PRESENT) != 0) {
		uint64_t part = level - 1 == 0 ? *entry & ~PTE_LARGE : *entry;
		for (unsigned i = 0; i < ENTRIES; i++)
			table[i] = part + i * level_bytes(level - 1);
	}
	*entry = (uintptr_t)table | PTE_PRESENT | PTE_WRITE | PTE_USED;
	return table;
}

/*
 * The entry for `address` of *level, or of a lower one if there are smaller pages already, which
 * *level then says. NULL: no table left for a split.
 */
static uint64_t *entry_for(uintptr_t address, unsigned *level)
{
	uint64_t *table = root;
	for (unsigned at = LEVEL_ROOT;; at--) {
		uint64_t *entry = &table[address / level_bytes(at) % ENTRIES];
		bool names_table = at > 0 && (*entry & (PTE_PRESENT | PTE_LARGE)) == PTE_PRESENT;
		if (at <= *level && !names_table) {
			*level = at;
			return entry;
		}
		table = table_below(entry, at);
		if (table == NULL)
			return NULL;
	}
}

/* Fills entries of a table of level 0 from `entry` on, as far as both table and range go. */
static size_t fill_pages(uint64_t *entry, uintptr_t start, size_t bytes, uint64_t flags)
{
	size_t first = start / PAGE_BYTES % ENTRIES;
	size_t n = MIN(bytes / PAGE_BYTES, ENTRIES - first);
	for (size_t i = 0; i < n; i++)
		entry[i] = flags != 0 ? (start + i * PAGE_BYTES) | flags : 0;
	return n * PAGE_BYTES;
}

/*
 * Gives the range the access bits `flags`, or, unless `write`, only splits pages such that this can
 * be done. False: the supply of tables is used up.
 */
static bool change(uintptr_t start, size_t bytes, uint64_t flags, bool write)
{
	while (bytes > 0) {
		size_t done = level_bytes(LEVEL_2M);
		unsigned level = start % done == 0 && bytes >= done ? LEVEL_2M : 0;
		uint64_t *entry = entry_for(start, &level);
		if (entry == NULL)
			return false;
		if (level == 0)
			done = write ? fill_pages(entry, start, bytes, flags)
				     : MIN(bytes, done - start % done);
		else if (write)
			*entry = flags != 0 ? start | flags | PTE_LARGE : 0;
		start += done;
		bytes -= done;
	}
	return true;
}

/* Also makes the processor forget every translation. */
static void load_root(void)
{
	__asm__ volatile("movq %0, %%cr3" ::"r"(root) : "memory");
}

static uint64_t access_flags(enum mmu_access access)
{
	switch (access) {
	case MMU_READ:
		return PTE_PRESENT | PTE_USED | PTE_NO_EXEC;
	case MMU_RW:
	case MMU_UNCACHED: /* devices are coherent with the caches */
		return PTE_PRESENT | PTE_USED | PTE_WRITE | PTE_NO_EXEC;
	case MMU_DEVICE:
		return PTE_PRESENT | PTE_USED | PTE_WRITE | PTE_NO_EXEC | PTE_UNCACHED;
	case MMU_NONE:
		break;
	}
	return 0;
}

/* Makes the processor forget translations of the range. */
static void flush(uintptr_t start, size_t bytes)
{
	if (bytes > FLUSH_EACH_BYTES_MAX)
		load_root();
	else
		for (size_t i = 0; i < bytes; i += PAGE_BYTES)
			__asm__ volatile("invlpg (%0)" ::"r"(start + i) : "memory");
}

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert(start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0);
	assert(start < ADDRESS_LIMIT && bytes <= ADDRESS_LIMIT - start);
	uint64_t flags = access_flags(access);
	if (!change(start, bytes, flags, false))
		return ERR_NOMEM;
	(void)change(start, bytes, flags, true);
	flush(start, bytes);
	return OK;
}

bool mmu_is_uncached(UNUSED uintptr_t address)
{
	return true;
}

bool mmu_maps(uintptr_t start, size_t bytes)
{
	if (start >= ADDRESS_LIMIT || bytes > ADDRESS_LIMIT - start)
		return false;
	for (uintptr_t at = ROUND_DOWN(start, (uintptr_t)PAGE_BYTES); at < start + bytes;
	     at += PAGE_BYTES) {
		const uint64_t *table = root;
		for (unsigned level = LEVEL_ROOT;; level--) {
			uint64_t entry = table[at / level_bytes(level) % ENTRIES];
			if ((entry & PTE_PRESENT) == 0)
				return false;
			if (level == 0 || (entry & PTE_LARGE) != 0)
				break;
			table = (const uint64_t *)(uintptr_t)(entry & PTE_ADDRESS);
		}
	}
	return true;
}

/* The supply is sized for what mmu_init() maps: that it runs out is a board's mistake. */
static void map(uintptr_t start, size_t bytes, uint64_t flags)
{
	bool ok = change(start, bytes, flags, true);
	assert(ok);
}

static void map_run(const uint8_t *start, const uint8_t *end, uint64_t flags)
{
	map((uintptr_t)start, (size_t)(end - start), flags);
}

static void map_guard(const uint8_t *page)
{
	map_run(page, page + PAGE_BYTES, 0);
}

void mmu_init(size_t ram_bytes, struct pvh_ram low)
{
	root = take_table();
	map(PVH_LOW.start, PVH_LOW.bytes, access_flags(MMU_READ));
	map(low.start, low.bytes, access_flags(MMU_RW));
	map_run(image_start, image_text_end, PTE_PRESENT | PTE_USED);
	map_run(image_text_end, image_rodata_end, access_flags(MMU_READ));
	map_run(image_rodata_end, image_end, access_flags(MMU_RW));
	map((uintptr_t)image_end, ram_bytes, access_flags(MMU_RW));
	map_guard(irq_stack_guard);
	map_guard(fault_stack_guard);
	map_guard(boot_stack_guard);
	for (const struct mmu_region *r = board_regions; r->bytes != 0; r++)
		map(r->start, r->bytes, access_flags(r->access));
	/* CR3 still holds the boot tables: the last of the supply must not have been taken. */
	assert(n_tables <= PAGE_TABLES - BOOT_TABLES);
	load_root();
}
