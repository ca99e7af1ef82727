/* SPDX-License-Identifier: ISC */
/*
 * The first map: the image, page by page with the rights that each part needs, and the board's
 * windows. Runs with the MMU off, so nothing here may call memset() or memcpy().
 */
#include "arch/aarch64/boot.h"
#include "arch/aarch64/mmu.h"
#include "arch/aarch64/sysreg.h"
#include "arch/cpu.h"
#include "arch/image.h"
#include "arch/mmu.h"

/* TCR_EL1 (Arm ARM D17.2.139). */
#define TCR_T0SZ        (UINT64_C(64) - MMU_ADDRESS_BITS)
#define TCR_WRITE_BACK  (UINT64_C(5) << 8) /* table walks: inner and outer write-back */
#define TCR_INNER       (UINT64_C(3) << 12)
#define TCR_NO_TTBR1    (UINT64_C(1) << 23)
#define TCR_IPS_SHIFT   32
#define TCR_IPS_48_BITS 5u

USED uint64_t mmu_tcr(void)
{
	unsigned range = id_field(sysreg_read(id_aa64mmfr0_el1), ID_AA64MMFR0_PA);

	return TCR_T0SZ | TCR_WRITE_BACK | TCR_INNER | TCR_NO_TTBR1 |
	       (uint64_t)MIN(range, TCR_IPS_48_BITS) << TCR_IPS_SHIFT;
}

/* A map that cannot be made is a board with more windows than MMU_TABLES can describe. */
static void map(const void *start, const void *end, uint64_t attributes)
{
	if (mmu_change((uintptr_t)start, (uintptr_t)end - (uintptr_t)start, attributes) != OK)
		cpu_exit(1);
}

static void map_guard(const uint8_t *page)
{
	map(page, page + PAGE_BYTES, MMU_ATTRIBUTES_GUARD);
}

USED uintptr_t mmu_map_image(void)
{
	bool bti = id_field(sysreg_read(id_aa64pfr1_el1), ID_AA64PFR1_BT) != 0;

	uintptr_t root = mmu_tables_init();

	map(image_start, image_text_end, MMU_ATTRIBUTES_TEXT | (bti ? PTE_GUARDED : 0));
	map(image_text_end, image_rodata_end, MMU_ATTRIBUTES_READ);
	map(image_rodata_end, image_end, MMU_ATTRIBUTES_RW);
	map_guard(irq_stack_guard);
	map_guard(fault_stack_guard);
	map_guard(boot_stack_guard);
	for (const struct mmu_region *r = board_regions; r->bytes != 0; r++) {
		if (mmu_protect(r->start, r->bytes, r->access) != OK)
			cpu_exit(1);
	}
	return root;
}
