/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef BOARDS_MICROVM_MICROVM_H
#define BOARDS_MICROVM_MICROVM_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/irq/apic/apic.h"
#include "drivers/timer/x86_timer/x86_timer.h"
#include "drivers/virtio/virtio_mmio.h"

/* What the loader said. Valid after board_init(). */
struct microvm_loader {
	const char *cmdline; /* where the loader left it: read-only, and as it came */
	bool acpi;
};

extern struct microvm_loader microvm_loader;

/* The interrupt controller and the timer, initialised at the first call or the image stops. */
struct apic *microvm_apic(void);
struct x86_timer *microvm_timer(void);

/* Gives the console its interrupt, for input. For microvm_apic(). */
void microvm_set_console_irq(struct irq_chip *chip);

/*
 * Looks for virtio device number `index`, from 0, of type `id` (enum virtio_id), in the order of
 * QEMU's command line. ERR_NODEV if there are not so many; else *line is its interrupt.
 */
MUST_USE enum err microvm_find_virtio(struct virtio_mmio *slot, uint32_t id, unsigned index,
				      uint32_t *line);

/* Writes "board: message" as a line to the console; needs nothing initialised. */
void microvm_complain(const char *message);

#endif
