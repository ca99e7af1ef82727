/* SPDX-License-Identifier: ISC */
/*
 * Changing the page tables.
 */
#include "arch/aarch64/mmu.h"

#include "arch/aarch64/sysreg.h"
#include "arch/irqflags.h"
#include "arch/mmu.h"
#include "base/assert.h"

enum {
	ENTRIES = 512,
	LEVEL_ROOT = 1,
	LEVEL_PAGE = 3,
};

/* Descriptors (Arm ARM D8.3). Of an invalid one all bits but the lowest are ours. */
#define PTE_VALID       UINT64_C(1)
#define PTE_TABLE       UINT64_C(2) /* at levels 1 and 2; at level 3 it says "page" */
#define PTE_GUARD_PAGE  UINT64_C(4) /* invalid, and meant to be */
#define PTE_ADDRESS     UINT64_C(0x0000fffffffff000)
#define PTE_PERMISSIONS (PTE_READ_ONLY | PTE_PXN | PTE_UXN)

/* Not in BSS, which is cleared after the first use. */
static SECTION(".bss.noinit.page_tables") ALIGNED(PAGE_BYTES) uint64_t tables[MMU_TABLES][ENTRIES];
static SECTION(".bss.noinit.page_tables_used") unsigned tables_used;

/* Part of a change: from start to end, end excluded, in the table of `level`. */
struct span {
	uintptr_t start, end;
	unsigned level;
};

static uintptr_t entry_bytes(unsigned level)
{
	return (uintptr_t)PAGE_BYTES << (9 * (LEVEL_PAGE - level));
}

static unsigned entry_index(uintptr_t address, unsigned level)
{
	return address / entry_bytes(level) % ENTRIES;
}

/* The part of the span in the entry that holds its start, one level down. */
static struct span first_entry(struct span s)
{
	uintptr_t next = ROUND_DOWN(s.start, entry_bytes(s.level)) + entry_bytes(s.level);

	return (struct span){s.start, MIN(s.end, next), s.level + 1};
}

static bool is_whole(struct span entry)
{
	return entry.end - entry.start == entry_bytes(entry.level - 1);
}

static bool is_table(uint64_t pte, unsigned level)
{
	return level < LEVEL_PAGE && (pte & (PTE_VALID | PTE_TABLE)) == (PTE_VALID | PTE_TABLE);
}

static uint64_t *table_at(uint64_t pte)
{
	return (uint64_t *)(uintptr_t)(pte & PTE_ADDRESS);
}

static uint64_t leaf(uintptr_t address, unsigned level, uint64_t attributes)
{
	if (attributes == MMU_ATTRIBUTES_GUARD)
		return PTE_GUARD_PAGE;
	return address | attributes | PTE_VALID | (level == LEVEL_PAGE ? PTE_TABLE : 0);
}

/*
 * Replaces a valid entry (Arm ARM D8.14.1, break before make). Between the two stores nothing
 * of what the entry maps can be used, perhaps not even this stack: hence one block of assembly.
 */
static void break_and_make(uint64_t *entry, uint64_t value, uintptr_t address)
{
	unsigned long state = irq_save();

	__asm__ volatile("str xzr, [%0]\n\t"
			 "dsb ishst\n\t"
			 "tlbi vaae1is, %2\n\t"
			 "dsb ish\n\t"
			 "isb\n\t"
			 "str %1, [%0]\n\t"
			 "dsb ishst\n\t"
			 "isb" ::"r"(entry),
			 "r"(value), "r"(address / PAGE_BYTES)
			 : "memory");
	irq_restore(state);
}

/* Changes that the hardware may see at any moment: less, or other permissions for the same. */
static void make(uint64_t *entry, uint64_t value, uintptr_t address)
{
	*(volatile uint64_t *)entry = value;
	__asm__ volatile("dsb ishst\n\t"
			 "tlbi vaae1is, %0\n\t"
			 "dsb ish\n\t"
			 "isb" ::"r"(address / PAGE_BYTES)
			 : "memory");
}

static void set_entry(uint64_t *entry, uint64_t value, uintptr_t address)
{
	uint64_t old = *entry;

	if (old == value)
		return;
	if ((old & PTE_VALID) == 0)
		*(volatile uint64_t *)entry = value; /* mmu_change() has the barrier */
	else if ((value & PTE_VALID) == 0 || ((old ^ value) & ~PTE_PERMISSIONS) == 0)
		make(entry, value, address);
	else
		break_and_make(entry, value, address);
}

/* Turns an entry of `level` into a table whose entries map the same. */
static uint64_t *split(uint64_t *entry, uintptr_t address, unsigned level)
{
	uint64_t *table = tables[tables_used++];
	uintptr_t start = ROUND_DOWN(address, entry_bytes(level));
	uint64_t old = *entry;

	for (unsigned i = 0; i < ENTRIES; i++) {
		uintptr_t at = i * entry_bytes(level + 1);

		if ((old & PTE_VALID) == 0)
			table[i] = old;
		else
			table[i] = (old + at) | (level + 1 == LEVEL_PAGE ? PTE_TABLE : 0);
	}
	/* The walker must not see the table before its entries. */
	__asm__ volatile("dsb ishst" ::: "memory");
	set_entry(entry, (uintptr_t)table | PTE_VALID | PTE_TABLE, start);
	return table;
}

/*
 * Gives the span its attributes, or, if there are none to give, says how many new tables that
 * takes. `table` is then NULL below an entry that is not one yet.
 */
static unsigned change(uint64_t *table, struct span s, const uint64_t *attributes)
{
	unsigned n = 0;

	while (s.start < s.end) {
		uint64_t no_table = 0;
		struct span entry = first_entry(s);
		uint64_t *pte = table != NULL ? &table[entry_index(s.start, s.level)] : &no_table;

		if (is_table(*pte, s.level))
			n += change(table_at(*pte), entry, attributes);
		else if (!is_whole(entry))
			n += 1 + change(attributes != NULL ? split(pte, s.start, s.level) : NULL,
					entry, attributes);
		else if (attributes != NULL)
			set_entry(pte, leaf(s.start, s.level, *attributes), s.start);
		s.start = entry.end;
	}
	return n;
}

uintptr_t mmu_tables_init(void)
{
	for (unsigned i = 0; i < ENTRIES; i++)
		tables[0][i] = 0;
	tables_used = 1;
	return (uintptr_t)tables[0];
}

enum err mmu_change(uintptr_t start, size_t bytes, uint64_t attributes)
{
	struct span s = {start, start + bytes, LEVEL_ROOT};

	assert(((start | bytes) & (PAGE_BYTES - 1)) == 0);
	if (start >= MMU_ADDRESS_END || bytes > MMU_ADDRESS_END - start)
		return ERR_RANGE;
	if (change(tables[0], s, NULL) > MMU_TABLES - tables_used)
		return ERR_NOMEM;
	(void)change(tables[0], s, &attributes);
	/* New entries are visible to the walker before whatever comes next. */
	__asm__ volatile("dsb ishst\n\tisb" ::: "memory");
	return OK;
}

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	static const uint64_t attributes[] = {
		[MMU_NONE] = MMU_ATTRIBUTES_GUARD,
		[MMU_READ] = MMU_ATTRIBUTES_READ,
		[MMU_RW] = MMU_ATTRIBUTES_RW,
		[MMU_DEVICE] = MMU_ATTRIBUTES_DEVICE,
		[MMU_UNCACHED] = MMU_ATTRIBUTES_UNCACHED,
	};

	assert(access < ARRAY_SIZE(attributes));
	return mmu_change(start, bytes, attributes[access]);
}

/* Asks the MMU itself: what PAR_EL1 says of a load is the byte of MAIR_EL1 (Arm ARM D17.2.108). */
bool mmu_is_uncached(uintptr_t address)
{
	uint64_t par;

	__asm__ volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(par)
			 : "r"(address)
			 : "memory");
	return (par & PAR_FAILED) == 0 && par >> PAR_ATTRIBUTES_SHIFT == MAIR_UNCACHED;
}

bool mmu_is_guard(uintptr_t address)
{
	const uint64_t *table = tables[0];

	if (address >= MMU_ADDRESS_END)
		return false;
	for (unsigned level = LEVEL_ROOT;; level++) {
		uint64_t pte = table[entry_index(address, level)];

		if (!is_table(pte, level))
			return pte == PTE_GUARD_PAGE;
		table = table_at(pte);
	}
}
