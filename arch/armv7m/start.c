/* SPDX-License-Identifier: ISC */
#include "arch/armv7m/mpu.h"
#include "arch/armv7m/scs.h"
#include "arch/boot.h"
#include "arch/fault.h"
#include "arch/irqflags.h"
#include "arch/mmio.h"

extern const uint8_t vectors[];

NORETURN void armv7m_start(void);

/* From entry.S: on the boot stack, variables in place, all interrupts off by PRIMASK. */
void armv7m_start(void)
{
	static const struct boot boot;

	mmio_write32(SCS_VTOR, (uint32_t)vectors);
	mmio_write32(SCS_CCR, mmio_read32(SCS_CCR) | SCS_CCR_DIV_0_TRP | SCS_CCR_STKALIGN);
	mmio_write32(SCS_SHCSR, mmio_read32(SCS_SHCSR) | SCS_SHCSR_FAULTS);
	/* For cpu_cycles(): it never interrupts. */
	mmio_write32(SCS_SYST_RVR, SCS_SYST_MAX);
	mmio_write32(SCS_SYST_CSR, SCS_SYST_CSR_ENABLE | SCS_SYST_CSR_CLOCK);
	mpu_init();
	(void)irq_save();
	__asm__ volatile("cpsie i" ::: "memory");
	start(&boot);
}
