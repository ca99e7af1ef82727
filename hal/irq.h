/* SPDX-License-Identifier: ISC */
/*
 * An interrupt controller and the handlers attached to its lines.
 *
 * The board has one root controller. Its driver supplies the table of lines (so its size
 * is the board's choice); irq_attach() fills it and enables a line. On an interrupt the
 * architecture's entry code, with interrupts masked, calls irq_chip_dispatch(), which
 * asks the hardware which lines are pending and calls their handlers.
 *
 * A handler notes what happened, silences its device and wakes somebody. It takes no
 * memory, logs nothing and returns within microseconds. Handlers do not nest.
 *
 * A device that is not silenced interrupts for ever, and nothing else would run. So interrupts are
 * counted from one turn of the event loop to the next: the line of the one that is too many is
 * turned off, and the loop says so.
 */
#ifndef HAL_IRQ_H
#define HAL_IRQ_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/err.h"

enum irq_trigger { IRQ_LEVEL_HIGH, IRQ_EDGE_RISING };

struct irq_line {
	void (*handler)(void *arg);
	void *arg;
};

struct irq_chip;

struct irq_chip_ops {
	enum err (*enable)(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger);
	void (*disable)(struct irq_chip *chip, uint32_t line);
	void (*dispatch)(struct irq_chip *chip);
};

struct irq_chip {
	const struct irq_chip_ops *ops;
	struct irq_line *lines;
	uint32_t n_lines;
};

/*
 * In one turn of the loop. A card's driver has reason for 2048, one for each 32 bytes of 64 KiB; a
 * line of characters for some ten thousand while an application computes for a second.
 */
enum { IRQ_STORM_MAX = 50000 };

/* What the event loop and the interrupt have in common. */
struct irq_storm {
	uint16_t left; /* interrupts: the loop makes it IRQ_STORM_MAX in each turn */
	uint16_t off;  /* a line that was turned off, plus one; 0: it has been told */
};

extern struct irq_storm irq_storm;

/*
 * Calls `handler` with `arg` for each interrupt of `line`, from now on. ERR_RANGE: the
 * controller has no such line; ERR_EXISTS: it has a handler already; ERR_UNSUPPORTED: the line
 * cannot have this trigger. Then nothing is attached.
 */
MUST_USE static inline enum err irq_attach(struct irq_chip *chip, uint32_t line,
					   enum irq_trigger trigger, void (*handler)(void *arg),
					   void *arg)
{
	if (line >= chip->n_lines)
		return ERR_RANGE;
	if (chip->lines[line].handler != NULL)
		return ERR_EXISTS;
	chip->lines[line] = (struct irq_line){.handler = handler, .arg = arg};
	enum err e = chip->ops->enable(chip, line, trigger);
	if (e != OK)
		chip->lines[line] = (struct irq_line){0};
	return e;
}

/* Disables the line and forgets its handler. */
static inline void irq_detach(struct irq_chip *chip, uint32_t line)
{
	assert(line < chip->n_lines);
	chip->ops->disable(chip, line);
	chip->lines[line] = (struct irq_line){0};
}

/* Handles all pending interrupts. For the architecture's interrupt entry. */
static inline void irq_chip_dispatch(struct irq_chip *chip)
{
	chip->ops->dispatch(chip);
}

/*
 * For a driver's dispatch: calls the handler of a line that the hardware named. A line that has
 * none, or that interrupts without end, is turned off.
 */
void irq_chip_handle(struct irq_chip *chip, uint32_t line);

#endif
