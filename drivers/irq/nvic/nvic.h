/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller of Arm's M-profile cores.
 *
 * Line n is the external interrupt n, exception 16 + n. All have one priority, so that handlers do
 * not nest. A line takes levels and pulses alike: a level that is still there when its handler
 * returns interrupts again. The struct belongs to the caller and must live as long as interrupts
 * may come.
 */
#ifndef DRIVERS_IRQ_NVIC_NVIC_H
#define DRIVERS_IRQ_NVIC_NVIC_H

#include <stdint.h>

#include "hal/irq.h"

enum { NVIC_LINES = 32 };

struct nvic {
	struct irq_chip chip;
	uintptr_t base;
	uint8_t priority;
	struct irq_line lines[NVIC_LINES];
};

/*
 * Disables every line, and forgets what is pending. `base` is the start of the system control space
 * (4 KiB; 0xe000e000), `priority` what all lines get: one that the architecture's irq_save() masks.
 */
void nvic_init(struct nvic *n, uintptr_t base, uint8_t priority);

#endif
