/* SPDX-License-Identifier: ISC */
#include "hal/irq.h"

#include "base/attr.h"

struct irq_storm irq_storm;

void irq_chip_handle(struct irq_chip *chip, uint32_t line)
{
	if (LIKELY(line < chip->n_lines && chip->lines[line].handler != NULL)) {
		chip->lines[line].handler(chip->lines[line].arg);
		/* Behind 0 come 65,535: the next line is not blamed. */
		if (LIKELY(--irq_storm.left != 0))
			return;
		irq_storm.off = (uint16_t)(line + 1);
	}
	chip->ops->disable(chip, line);
}
