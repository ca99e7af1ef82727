/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controllers of the Raspberry Pi 2 and 3 (BCM2836, BCM2837) as one irq_chip: the one
 * of the cores, with the generic timers, and below it that of the peripherals.
 *
 * Lines 0 to 63 are the peripherals' ("GPU interrupts"), from BCM2836_BASIC on those of the "ARM
 * basic" register, from BCM2836_LOCAL on those of core 0. All are level-triggered. The struct
 * belongs to the caller and must live as long as interrupts may come.
 */
#ifndef DRIVERS_IRQ_BCM2836_IRQ_BCM2836_IRQ_H
#define DRIVERS_IRQ_BCM2836_IRQ_BCM2836_IRQ_H

#include <stdint.h>

#include "hal/irq.h"

enum {
	BCM2836_BASIC = 64,
	BCM2836_LOCAL = 72,
	BCM2836_LINES = 84,

	/* Lines that boards name. */
	BCM2836_USB = 9,
	BCM2836_DMA = 16,  /* channel 0 */
	BCM2836_AUX = 29,  /* the mini UART */
	BCM2836_GPIO = 52, /* of all pins */
	BCM2836_SDHOST = 56,
	BCM2836_UART = 57,
	BCM2836_EMMC = 62,
	BCM2836_TIMER_PHYSICAL = BCM2836_LOCAL + 1,
	BCM2836_TIMER_VIRTUAL = BCM2836_LOCAL + 3,
};

struct bcm2836_irq {
	struct irq_chip chip;
	uintptr_t armctrl, local;
	struct irq_line lines[BCM2836_LINES];
};

/*
 * Disables every line and routes the peripherals to core 0. `armctrl` (40 bytes) and `local` (256
 * bytes) are where the registers lie.
 */
void bcm2836_irq_init(struct bcm2836_irq *c, uintptr_t armctrl, uintptr_t local);

#endif
