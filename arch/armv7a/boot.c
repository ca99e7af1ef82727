/* SPDX-License-Identifier: ISC */
#include "arch/boot.h"
#include "arch/arm_sysreg.h"
#include "arch/fault.h"
#include "arch/psci.h"

uint64_t arch_counter_at_entry;

NORETURN void armv7a_boot(const void *fdt, uint32_t was_hyp, uint64_t counter);

/* From entry.S: on the boot stack, BSS cleared, MMU on, interrupts masked. */
void armv7a_boot(const void *fdt, uint32_t was_hyp, uint64_t counter)
{
	const struct boot boot = {.fdt = fdt};

	arch_counter_at_entry = counter;
	/* Who was entered as the hypervisor has only the secure firmware to call. */
	psci_set_conduit(was_hyp ? PSCI_SMC : PSCI_HVC);
	start(&boot);
}
