/* SPDX-License-Identifier: ISC */
/*
 * Short descriptors (Arm ARM for Armv7, B3.5): a first level of 4096 entries of 1 MiB, and tables
 * of 256 pages below those entries that are not uniform. The long format would save 8 KiB of the
 * first level, but its tables are 4 KiB each, a guard page costs one of them, and cores such as
 * the A8 and A9 do not have it.
 */
#include "arch/mmu.h"

#include "arch/arm_sysreg.h"
#include "arch/armv7a/mmu.h"
#include "arch/image.h"
#include "arch/irqflags.h"
#include "base/assert.h"

enum {
	SECTION_BYTES = 1 << 20,
	SECTION_PAGES = SECTION_BYTES / PAGE_BYTES,
	SECTIONS = 4096,
	TABLES = 12, /* each splits one section: the image takes one or two, guard pages the rest */
};

/* A small page's descriptor (B3.5.1). Access is privileged only: AP[1:0] = 01. */
#define PAGE_XN      (1u << 0)
#define PAGE_SMALL   (1u << 1)
#define PAGE_B       (1u << 2)
#define PAGE_C       (1u << 3)
#define PAGE_AP_PL1  (1u << 4)
#define PAGE_TEX_001 (1u << 6)
#define PAGE_AP_RO   (1u << 9)
#define PAGE_S       (1u << 10)

/* Write-back, write-allocate, shareable; device memory is shareable by C, B = 0, 1 (B3.8.2). */
#define PAGE_NORMAL   (PAGE_SMALL | PAGE_AP_PL1 | PAGE_TEX_001 | PAGE_C | PAGE_B | PAGE_S)
#define PAGE_TEXT     (PAGE_NORMAL | PAGE_AP_RO)
#define PAGE_RODATA   (PAGE_NORMAL | PAGE_AP_RO | PAGE_XN)
#define PAGE_DATA     (PAGE_NORMAL | PAGE_XN)
#define PAGE_DEVICE   (PAGE_SMALL | PAGE_AP_PL1 | PAGE_B | PAGE_XN)
/* Normal memory too, which TEX, C, B = 1, 0, 0 leaves out of the caches. */
#define PAGE_UNCACHED (PAGE_SMALL | PAGE_AP_PL1 | PAGE_TEX_001 | PAGE_S | PAGE_XN)
#define PAGE_GUARD    0xfa7a0000u /* invalid by its bits 0 and 1; the others are ours */

#define ENTRY_VALID   3u
#define ENTRY_TABLE   1u
#define ENTRY_SECTION 2u

extern const uint8_t boot_stack_guard[], irq_stack_guard[], fault_stack_guard[]; /* linker script */

/* Not in BSS, which is cleared after their first use. */
static uint32_t SECTION(".bss.noinit.1") ALIGNED(SECTIONS * 4) level1[SECTIONS];
static uint32_t SECTION(".bss.noinit.2") ALIGNED(SECTION_PAGES * 4) level2[TABLES][SECTION_PAGES];
static size_t SECTION(".bss.noinit.3") tables_used;

static const uint32_t page_of_access[] = {
	[MMU_NONE] = PAGE_GUARD,    [MMU_READ] = PAGE_RODATA,       [MMU_RW] = PAGE_DATA,
	[MMU_DEVICE] = PAGE_DEVICE, [MMU_UNCACHED] = PAGE_UNCACHED,
};

static uint32_t page_entry(uintptr_t at, uint32_t page)
{
	return page == PAGE_GUARD ? page : (ROUND_DOWN(at, (uintptr_t)PAGE_BYTES) | page);
}

/* The same attributes in a section's descriptor: XN at bit 4, AP, TEX and S six bits higher. */
static uint32_t section_entry(uintptr_t at, uint32_t page)
{
	if (page == PAGE_GUARD)
		return 0;
	return ROUND_DOWN(at, (uintptr_t)SECTION_BYTES) | ENTRY_SECTION | (page & PAGE_XN) << 4 |
	       (page & (PAGE_B | PAGE_C)) | (page & 0xff0) << 6;
}

/* The inverse, for splitting: `page` of the section that `entry` describes. */
static uint32_t section_page(uint32_t entry)
{
	if ((entry & ENTRY_VALID) == 0)
		return 0;
	return PAGE_SMALL | (entry >> 4 & PAGE_XN) | (entry & (PAGE_B | PAGE_C)) |
	       (entry >> 6 & 0xff0);
}

static bool is_table(uint32_t entry)
{
	return (entry & ENTRY_VALID) == ENTRY_TABLE;
}

static uint32_t *table_of(uint32_t entry)
{
	return (uint32_t *)(entry & ~1023u);
}

/*
 * A valid entry is taken out, and forgotten by the TLB, before its successor is put in
 * (break before make). In between, memory of that range does not exist, and the stack may be in it:
 * hence one assembly statement, with interrupts masked. `operation` is 0 for TLBIALL, 1 for
 * TLBIMVA.
 */
#define REPLACE(entry, value, at, operation)                                                       \
	__asm__ volatile("str	%2, [%0]\n\t"                                                        \
			 "dsb\n\t"                                                                 \
			 "mcr	p15, 0, %3, c8, c7, " #operation "\n\t"                            \
			 "mcr	p15, 0, %2, c7, c5, 6\n\t" /* BPIALL */                            \
			 "dsb\n\t"                                                                 \
			 "isb\n\t"                                                                 \
			 "str	%1, [%0]\n\t"                                                        \
			 "dsb\n\t"                                                                 \
			 "isb" ::"r"(entry),                                                       \
			 "r"(value), "r"(0), "r"(at)                                               \
			 : "memory")

static void set_section(uint32_t *entry, uint32_t value)
{
	if ((*entry & ENTRY_VALID) == 0)
		*entry = value;
	else if (*entry != value)
		REPLACE(entry, value, 0, 0);
}

static void set_page(uint32_t *entry, uint32_t value, uintptr_t at)
{
	if ((*entry & ENTRY_VALID) == 0)
		*entry = value;
	else if (*entry != value)
		REPLACE(entry, value, ROUND_DOWN(at, (uintptr_t)PAGE_BYTES), 1);
}

/* The second-level table of `at`, made if there is none yet. */
static uint32_t *split(uintptr_t at)
{
	uint32_t *entry = &level1[at / SECTION_BYTES];
	uint32_t *table = level2[tables_used];
	uint32_t page = section_page(*entry);
	uintptr_t start = ROUND_DOWN(at, (uintptr_t)SECTION_BYTES);

	if (is_table(*entry))
		return table_of(*entry);
	assert(tables_used < TABLES);
	tables_used++;
	for (unsigned i = 0; i < SECTION_PAGES; i++)
		table[i] = page == 0 ? 0 : page_entry(start + i * PAGE_BYTES, page);
	set_section(entry, (uint32_t)table | ENTRY_TABLE);
	return table;
}

/* How many tables map() will take: for an incomplete section at either end that has none. */
static size_t tables_needed(uintptr_t start, size_t bytes)
{
	uintptr_t end = start + bytes;
	uint32_t first = level1[start / SECTION_BYTES];
	uint32_t last = level1[(end - 1) / SECTION_BYTES];
	bool head = start % SECTION_BYTES != 0;
	bool tail = end % SECTION_BYTES != 0;

	if (start / SECTION_BYTES == (end - 1) / SECTION_BYTES)
		return (head || tail) && !is_table(first);
	return (size_t)(head && !is_table(first)) + (size_t)(tail && !is_table(last));
}

static enum err map(uintptr_t start, size_t bytes, uint32_t page)
{
	assert(start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0);
	if (bytes == 0)
		return OK;
	if (tables_needed(start, bytes) > TABLES - tables_used)
		return ERR_NOMEM;
	for (size_t step; bytes > 0; start += step, bytes -= step) {
		uint32_t *entry = &level1[start / SECTION_BYTES];
		if (start % SECTION_BYTES == 0 && bytes >= SECTION_BYTES && !is_table(*entry)) {
			set_section(entry, section_entry(start, page));
			step = SECTION_BYTES;
		} else {
			entry = &split(start)[start / PAGE_BYTES % SECTION_PAGES];
			set_page(entry, page_entry(start, page), start);
			step = PAGE_BYTES;
		}
	}
	/* New entries are visible to the table walk, and to what follows. */
	__asm__ volatile("dsb\n\tisb" ::: "memory");
	return OK;
}

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert(start >= (uintptr_t)image_text_end || start + bytes <= (uintptr_t)image_start);

	unsigned long state = irq_save();
	enum err e = map(start, bytes, page_of_access[access]);
	irq_restore(state);
	return e;
}

/* A board whose regions need more tables than there are is built wrongly. */
static void map_or_stop(const uint8_t *start, const uint8_t *end, uint32_t page)
{
	enum err e = map((uintptr_t)start, (size_t)(end - start), page);
	assert(e == OK);
}

static void map_image(void)
{
	map_or_stop(image_start, image_text_end, PAGE_TEXT);
	map_or_stop(image_text_end, image_rodata_end, PAGE_RODATA);
	map_or_stop(image_rodata_end, image_end, PAGE_DATA);
	map_or_stop(boot_stack_guard, boot_stack_guard + PAGE_BYTES, PAGE_GUARD);
	map_or_stop(irq_stack_guard, irq_stack_guard + PAGE_BYTES, PAGE_GUARD);
	map_or_stop(fault_stack_guard, fault_stack_guard + PAGE_BYTES, PAGE_GUARD);
	if (level1[0] != 0)
		map_or_stop(NULL, (uint8_t *)PAGE_BYTES, PAGE_GUARD);
	/* Splitting the section that holds the first level would take it away from REPLACE(). */
	split((uintptr_t)level1);
	split((uintptr_t)level1 + sizeof(level1) - 1);
}

/*
 * TTBR0: shareable, tables cached write-back write-allocate. Domain 0 as a client, so that
 * permissions count. SCTLR.WXN: what can be written is never executed, whatever its XN says.
 */
static void mmu_enable(void)
{
	enum {
		TTBR_CACHED = 0x6a,
		SCTLR_M = 1 << 0,
		SCTLR_A = 1 << 1,
		SCTLR_C = 1 << 2,
		SCTLR_Z = 1 << 11,
		SCTLR_I = 1 << 12,
		SCTLR_V = 1 << 13,
		SCTLR_WXN = 1 << 19,
		SCTLR_EE = 1 << 25,
		SCTLR_TRE = 1 << 28,
		SCTLR_AFE = 1 << 29,
		SCTLR_TE = 1 << 30,
	};
	CP15_WRITE(c3, 0, c0, 0, 1); /* DACR */
	CP15_WRITE(c2, 0, c0, 2, 0); /* TTBCR */
	CP15_WRITE(c2, 0, c0, 0, (uint32_t)level1 | TTBR_CACHED);
	arm_isb();

	uint32_t sctlr = CP15_READ(c1, 0, c0, 0);
	sctlr &= ~(uint32_t)(SCTLR_A | SCTLR_V | SCTLR_EE | SCTLR_TRE | SCTLR_AFE | SCTLR_TE);
	sctlr |= SCTLR_M | SCTLR_C | SCTLR_Z | SCTLR_I | SCTLR_WXN;
	CP15_WRITE(c1, 0, c0, 0, sctlr);
	arm_isb();
}

void mmu_init(void)
{
	tables_used = 0;
	for (unsigned i = 0; i < SECTIONS; i++)
		level1[i] = 0;
	for (const struct mmu_region *r = board_regions; r->bytes > 0; r++) {
		enum err e = map(r->start, r->bytes, page_of_access[r->access]);
		assert(e == OK);
	}
	map_image();
	mmu_enable();
}

/* The entry that decides about `address`, as a page's. */
static uint32_t lookup(uintptr_t address)
{
	uint32_t entry = level1[address / SECTION_BYTES];
	return is_table(entry) ? table_of(entry)[address / PAGE_BYTES % SECTION_PAGES]
			       : section_page(entry);
}

bool mmu_is_uncached(uintptr_t address)
{
	return (lookup(address) & (PAGE_BYTES - 1)) == PAGE_UNCACHED;
}

bool mmu_is_guard(uintptr_t address)
{
	return lookup(address) == PAGE_GUARD;
}

bool mmu_is_data(uintptr_t address)
{
	return (lookup(address) & (PAGE_BYTES - 1)) == PAGE_DATA;
}
