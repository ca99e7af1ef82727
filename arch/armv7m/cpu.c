/* SPDX-License-Identifier: ISC */
#include "arch/cpu.h"

#include "arch/arm/fault_state.h"
#include "arch/armv7m/scs.h"
#include "arch/impl/arm_semihosting.h"
#include "arch/irqflags.h"
#include "arch/mmio.h"

const char arch_name[] = "armv7m";

/* Armv7-M has no random number instruction. */
enum err cpu_random(void *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	return ERR_NODEV;
}

/* SysTick, 24 bits: the cycle counter of the trace unit is not on every core. */
uint64_t cpu_cycles(void)
{
	return SCS_SYST_MAX - mmio_read32(SCS_SYST_CVR);
}

/*
 * Without a debugger the breakpoint is a fault, which comes here again. QEMU reads the arguments of
 * the call with the rights of the first byte of their KiB, where a guard may be: the MPU has done
 * its work.
 */
void cpu_exit(int status)
{
	(void)irq_save();
	if (fault_state != FAULT_STATE_EXITING) {
		fault_state = FAULT_STATE_EXITING;
		mmio_write32(SCS_MPU_CTRL, 0);
		semihosting_exit(status);
	}
	for (;;)
		__asm__ volatile("wfi");
}
