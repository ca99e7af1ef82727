/* SPDX-License-Identifier: ISC */
/*
 * What the fakes of SD host controllers share: a clock that moves whenever it is looked at, and two
 * lines with their handlers, the controller's and that of the DMA controller beside it. sd_fake.h
 * is the card in the slot.
 */
#ifndef TESTS_FAKES_SD_MACHINE_H
#define TESTS_FAKES_SD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/timer.h"

enum { SD_MACHINE_LINE = 5, SD_MACHINE_DMA_LINE, SD_MACHINE_LINES };

struct sd_machine {
	uint64_t now_us;
	bool enabled[SD_MACHINE_LINES];
	/* Whether the device interrupts now; NULL: there is none. */
	bool (*pending[SD_MACHINE_LINES])(void);
};

extern struct sd_machine sd_machine;
extern struct timer sd_machine_timer;
extern struct irq_chip sd_machine_irq;

/* `pending` is the SD host controller's. */
void sd_machine_init(bool (*pending)(void));

/*
 * Interrupts for as long as there is reason to; a handler that neither silences its device nor gets
 * on with it fails the test.
 */
void sd_machine_run(void);

/* No line is enabled any more. */
bool sd_machine_is_quiet(void);

#endif
