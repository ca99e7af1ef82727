/* SPDX-License-Identifier: ISC */
/*
 * The address space by the MPU (Armv7-M Arm ARM, B3.5): eight regions or more, of which one with a
 * higher number prevails. What is in none faults, but for the system control space.
 *
 * Flash is executable and never written, RAM is written and never executed, and page zero, which is
 * the vectors that only the processor itself reads, is nobody's. Regions that are left are for
 * guards.
 */
#include "arch/armv7m/mpu.h"

#include "arch/armv7m/scs.h"
#include "arch/image.h"
#include "arch/irqflags.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "base/assert.h"

enum { GUARDS_MAX = 4 };

/* MPU_RASR: execute never, access, and type of memory (B3.5.8, B3.5.9). */
#define RASR_XN     (1u << 28)
#define RASR_NONE   (0u << 24)
#define RASR_RW     (1u << 24)
#define RASR_RO     (5u << 24)
#define RASR_NORMAL (1u << 19 | 3u << 16) /* write-back, not shared */
#define RASR_DEVICE (1u << 18 | 1u << 16) /* shared device memory */

static const uint32_t attributes_of_access[] = {
	[MMU_NONE] = RASR_NONE | RASR_XN,
	[MMU_READ] = RASR_RO | RASR_NORMAL | RASR_XN,
	[MMU_RW] = RASR_RW | RASR_NORMAL | RASR_XN,
	[MMU_DEVICE] = RASR_RW | RASR_DEVICE | RASR_XN,
	[MMU_UNCACHED] = RASR_RW | RASR_NORMAL | RASR_XN, /* there are no caches, or they are off */
};

extern const uint8_t flash_start[], flash_bytes[], ram_start[], ram_bytes[]; /* linker script */

/* No frame of an image is larger. What is so far below RAM is not there. */
enum { BOOT_GUARD_BYTES = 1 << 16 };

/* Guards that mmu_protect() has made; region number first_guard + i. Those of 0 are free. */
static uintptr_t guards[GUARDS_MAX];
static uint8_t first_guard, n_guards;

/* The type of memory is irrelevant where nothing is allowed. */
static void set_region(unsigned number, uintptr_t start, size_t bytes, uint32_t attributes)
{
	mmio_write32(SCS_MPU_RNR, number);
	mmio_write32(SCS_MPU_RASR, 0);
	mmio_write32(SCS_MPU_RBAR, start);
	if (bytes != 0) {
		uint32_t log2 = (uint32_t)__builtin_ctz(bytes);

		mmio_write32(SCS_MPU_RASR, attributes | (log2 - 1) << 1 | SCS_MPU_RASR_ENABLE);
	}
	/* What follows sees the new region. */
	__asm__ volatile("dsb\n\tisb" ::: "memory");
}

/*
 * Only guards come and go: of one page, and RAM again. When the regions are used up a stack does
 * without, rather than a fiber; the word at its end still guards it.
 */
enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	unsigned long state;
	uintptr_t wanted = access == MMU_NONE ? 0 : start;

	if (access == MMU_UNCACHED) /* all RAM is */
		return OK;
	state = irq_save();
	assert(start % PAGE_BYTES == 0 && bytes == PAGE_BYTES);
	assert(access == MMU_NONE || access == MMU_RW);
	for (unsigned i = 0; i < n_guards; i++) {
		if (guards[i] == wanted) {
			guards[i] = access == MMU_NONE ? start : 0;
			set_region(first_guard + i, start, access == MMU_NONE ? bytes : 0,
				   attributes_of_access[MMU_NONE]);
			break;
		}
	}
	irq_restore(state);
	return OK;
}

bool mmu_is_uncached(uintptr_t address)
{
	(void)address;
	return true;
}

void mpu_init(void)
{
	unsigned regions = (mmio_read32(SCS_MPU_TYPE) & SCS_MPU_TYPE_REGIONS) >> 8;
	unsigned n = 0;

	if (regions == 0) /* the core was built without */
		return;
	set_region(n++, (uintptr_t)flash_start, (size_t)flash_bytes, RASR_RO | RASR_NORMAL);
	set_region(n++, (uintptr_t)ram_start, (size_t)ram_bytes, attributes_of_access[MMU_RW]);
	for (const struct mmu_region *r = board_regions; r->bytes > 0; r++)
		set_region(n++, r->start, r->bytes, attributes_of_access[r->access]);
	set_region(n++, 0, PAGE_BYTES, attributes_of_access[MMU_NONE]);
	assert(n <= regions);
	first_guard = (uint8_t)n;
	n_guards = (uint8_t)MIN(regions - n, (unsigned)GUARDS_MAX);
	mmio_write32(SCS_MPU_CTRL, SCS_MPU_CTRL_ENABLE);
	__asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* The boot stack lies at the start of RAM: what is below, in no region, is its guard. */
static bool is_below_ram(uintptr_t address)
{
	return (uintptr_t)ram_start - 1 - address < BOOT_GUARD_BYTES;
}

static bool is_within(uintptr_t address, const uint8_t *start, size_t bytes)
{
	return address - (uintptr_t)start < bytes;
}

bool mpu_is_flash(uintptr_t address)
{
	return is_within(address, flash_start, (size_t)flash_bytes);
}

bool mmu_is_guard(uintptr_t address)
{
	for (unsigned i = 0; i < n_guards; i++) {
		if (guards[i] != 0 && address - guards[i] < PAGE_BYTES)
			return true;
	}
	return is_below_ram(address);
}

bool mmu_is_data(uintptr_t address)
{
	return is_within(address, ram_start, (size_t)ram_bytes) && !mmu_is_guard(address);
}
