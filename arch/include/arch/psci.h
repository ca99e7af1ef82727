/* SPDX-License-Identifier: ISC */
/*
 * How cpu_exit() powers off: it asks the firmware or the hypervisor by PSCI's SYSTEM_OFF (Arm DEN
 * 0022, 5.10), called by the instruction that the device tree's /psci node names. Until the board
 * has said so, the architecture assumes HVC, or SMC where the image itself was entered in
 * the hypervisor's exception level.
 */
#ifndef ARCH_PSCI_H
#define ARCH_PSCI_H

enum psci_conduit { PSCI_HVC, PSCI_SMC };

/* Sets the instruction. For board_init(). */
void psci_set_conduit(enum psci_conduit conduit);

/*
 * Where there is no such firmware: what cpu_exit() calls instead. It may return before the power is
 * off; the processor then sleeps. For board_init().
 */
void cpu_set_off(void (*off)(void));

#endif
