/* SPDX-License-Identifier: ISC */
/*
 * What boards on an architecture of their own do alike: their first words, and the one interrupt
 * controller that everything is wired to. Start-up and event loop only.
 */
#ifndef BOARDS_COMMON_COMMON_H
#define BOARDS_COMMON_COMMON_H

#include "base/attr.h"
#include "hal/irq.h"

/*
 * Writes "NAME: message" as a line to board_console(), before there is a log; NAME is that of the
 * board.
 */
void board_complain(const char *message);

/* The same, and the image ends with status 1. */
NORETURN void board_give_up(const char *message);

/*
 * The controller that the processor's interrupts are of, for interrupt() of arch/fault.h; NULL:
 * nobody has asked for it yet, so nothing interrupts.
 */
extern struct irq_chip *board_irq_root;

#endif
