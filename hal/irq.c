/* SPDX-License-Identifier: ISC */
#include "hal/irq.h"

#include "base/attr.h"

struct irq_storm irq_storm;

void irq_chip_handle(struct irq_chip *chip, uint32_t line)
{
	const struct irq_line *l = &chip->lines[line];

	if (LIKELY(line < chip->n_lines && l->handler != NULL)) {
		l->handler(l->arg);
		if (LIKELY(--irq_storm.left !=
			   0)) /* behind 0 come 65,535: the next is not blamed */
			return;
		irq_storm.off = (uint16_t)(line + 1);
	}
	chip->ops->disable(chip, line);
}
