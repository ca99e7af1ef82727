/* SPDX-License-Identifier: ISC */
/*
 * What the fakes of SD host controllers share: a clock that moves whenever it is looked at, and a
 * line with its handler. sd_fake.h is the card in the slot.
 */
#ifndef TESTS_FAKES_SD_MACHINE_H
#define TESTS_FAKES_SD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/timer.h"

enum { SD_MACHINE_LINE = 5 };

struct sd_machine {
	uint64_t now_us;
	bool line_enabled;
	/* A controller: whether it interrupts now; whether what comes next comes later. */
	bool (*pending)(void);
};

extern struct sd_machine sd_machine;
extern struct timer sd_machine_timer;
extern struct irq_chip sd_machine_irq;

void sd_machine_init(bool (*pending)(void));

/* Interrupts if there is reason to; a handler that does not silence the controller fails the test.
 */
void sd_machine_run(void);

#endif
