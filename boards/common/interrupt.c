/* SPDX-License-Identifier: ISC */
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/common/common.h"

struct irq_chip *board_irq_root;

USED void interrupt(void)
{
	assert(board_irq_root != NULL); /* nothing interrupts before there is a controller */
	irq_chip_dispatch(board_irq_root);
}
