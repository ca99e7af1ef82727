/* SPDX-License-Identifier: ISC */
#include "arch/cpu.h"

#include "arch/arm/fault_state.h"
#include "arch/arm_sysreg.h"
#include "arch/impl/arm_semihosting.h"
#include "arch/irqflags.h"
#include "arch/psci.h"

const char arch_name[] = "armv7a";

static enum psci_conduit conduit;
static void (*board_off)(void); /* NULL: by PSCI */

void cpu_set_off(void (*off)(void))
{
	board_off = off;
}

void psci_set_conduit(enum psci_conduit c)
{
	conduit = c;
}

/* Armv7 has no random number instruction. */
enum err cpu_random(void *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	return ERR_NODEV;
}

/* The virtual counter: the cycle counter has 32 bits, and guests of hypervisors may lack it. */
uint64_t cpu_cycles(void)
{
	return arm_counter_virtual();
}

void cpu_send_event(void)
{
	__asm__ volatile("dsb\n\tsev" ::: "memory");
}

/* PSCI SYSTEM_OFF (Arm DEN 0022, 5.10). Returns only where there is no PSCI. */
static void psci_system_off(void)
{
	register uint32_t r0 __asm__("r0") = 0x84000008;
	if (conduit == PSCI_SMC)
		__asm__ volatile(".arch_extension sec\n\tsmc #0"
				 : "+r"(r0)::"r1", "r2", "r3", "r12", "lr", "memory");
	else
		__asm__ volatile(".arch_extension virt\n\thvc #0"
				 : "+r"(r0)::"r1", "r2", "r3", "r12", "lr", "memory");
}

void cpu_exit(int status)
{
	irq_save();
	if (fault_state != FAULT_STATE_EXITING) {
		fault_state = FAULT_STATE_EXITING;
		semihosting_exit(status);
		if (board_off != NULL)
			board_off();
		else
			psci_system_off();
	}
	for (;;)
		__asm__ volatile("wfi");
}
