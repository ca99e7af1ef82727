/* SPDX-License-Identifier: ISC */
/*
 * The end: a debugger or emulator that takes an exit status, then PSCI, then sleep.
 */
#include "arch/cpu.h"
#include "arch/irqflags.h"
#include "arch/psci.h"

#include "arch/aarch64/boot.h"

/* Semihosting for AArch32 and AArch64 (Arm 2.0), 5.7: SYS_EXIT_EXTENDED. */
enum { SYS_EXIT_EXTENDED = 0x20, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };

/* PSCI (Arm DEN 0022), 5.10. */
#define PSCI_SYSTEM_OFF UINT64_C(0x84000008)

/* exit_calls.S. Each returns if nobody takes the call. */
void exit_semihosting(uint64_t operation, const void *block);
void exit_hvc(uint64_t function);
void exit_smc(uint64_t function);

static enum psci_conduit conduit = PSCI_HVC;
static unsigned entry_level = 1;
static void (*board_off)(void); /* NULL: by PSCI */

void exit_set_entry_level(unsigned level)
{
	entry_level = level;
	if (level > 1)
		conduit = PSCI_SMC;
}

void psci_set_conduit(enum psci_conduit c)
{
	conduit = c;
}

void cpu_set_off(void (*off)(void))
{
	board_off = off;
}

/* Nobody answers at a level that the image itself has left: it has no vectors there. */
static void psci_off(void)
{
	if (conduit == PSCI_HVC && entry_level < 2)
		exit_hvc(PSCI_SYSTEM_OFF);
	if (conduit == PSCI_SMC && entry_level < 3)
		exit_smc(PSCI_SYSTEM_OFF);
}

USED void cpu_exit(int status)
{
	const uint64_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint64_t)status & 0xff};

	(void)irq_save();
	exit_semihosting(SYS_EXIT_EXTENDED, block);
	if (board_off != NULL)
		board_off();
	else
		psci_off();
	for (;;)
		__asm__ volatile("wfi");
}
