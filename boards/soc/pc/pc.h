/* SPDX-License-Identifier: ISC */
/*
 * What the PCs of QEMU and of clouds have alike: COM1, local and I/O APICs, the time-stamp counter,
 * the clock chip, and a loader that tells of memory. Here are the functions of hal/board.h that
 * follow from that; a board adds where its I/O APICs and its virtio devices are.
 *
 * Event loop and start-up only.
 */
#ifndef BOARDS_SOC_PC_PC_H
#define BOARDS_SOC_PC_PC_H

#include <stdint.h>

#include "arch/boot.h"
#include "arch/pvh.h"
#include "base/attr.h"
#include "base/err.h"
#include "drivers/irq/apic/apic.h"
#include "drivers/timer/x86_timer/x86_timer.h"
#include "drivers/virtio/virtio.h"

/* What the loader said. Valid after pc_init(). */
struct pc_loader {
	const struct pvh_start_info *info;
	const char *cmdline; /* where the loader left it: read-only, and as it came */
};

extern struct pc_loader pc_loader;

/*
 * Brings up the console and takes over what the loader said: for board_init(), whose errors and
 * complaints it has.
 */
MUST_USE enum err pc_init(const struct boot *boot);

/* The interrupt controller and the timer, initialised at the first call or the image stops. */
struct apic *pc_apic(void);
struct x86_timer *pc_timer(void);

/* Gives the console its interrupt, for input. For pc_apic(). */
void pc_set_console_irq(struct irq_chip *chip);

/* The board's: where I/O APICs may be, at most APIC_IOAPICS_MAX, ended by 0. */
extern const uintptr_t pc_ioapics[];

/* The board's: its device of type VIRTIO_ID_RNG, or NULL. */
struct virtio_device *pc_rng_device(void);

#endif
