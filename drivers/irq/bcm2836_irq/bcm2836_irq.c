/* SPDX-License-Identifier: ISC */
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"

#include <stdbool.h>

#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq_regs.h"

static struct bcm2836_irq *controller_of(struct irq_chip *chip)
{
	return container_of(chip, struct bcm2836_irq, chip);
}

static uint32_t bit(uint32_t line)
{
	return UINT32_C(1) << line % 32;
}

/* Of the lines of the core only the timers can be turned on and off here. */
static void set_local(const struct bcm2836_irq *c, uint32_t source, bool on)
{
	uint32_t timers = mmio_read32(c->local + LOCAL_TIMER_CONTROL);

	timers = on ? timers | bit(source) : timers & ~bit(source);
	mmio_write32(c->local + LOCAL_TIMER_CONTROL, timers);
}

static enum err bcm2836_irq_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct bcm2836_irq *c = controller_of(chip);

	if (trigger != IRQ_LEVEL_HIGH)
		return ERR_UNSUPPORTED;
	if (line >= BCM2836_LOCAL + LOCAL_TIMERS)
		return ERR_RANGE;
	if (line >= BCM2836_LOCAL)
		set_local(c, line - BCM2836_LOCAL, true);
	else if (line >= BCM2836_BASIC)
		mmio_write32(c->armctrl + ARMCTRL_ENABLE_BASIC, bit(line - BCM2836_BASIC));
	else
		mmio_write32(c->armctrl + ARMCTRL_ENABLE(line / 32), bit(line));
	return OK;
}

static void bcm2836_irq_disable(struct irq_chip *chip, uint32_t line)
{
	struct bcm2836_irq *c = controller_of(chip);

	if (line >= BCM2836_LOCAL)
		set_local(c, line - BCM2836_LOCAL, false);
	else if (line >= BCM2836_BASIC)
		mmio_write32(c->armctrl + ARMCTRL_DISABLE_BASIC, bit(line - BCM2836_BASIC));
	else
		mmio_write32(c->armctrl + ARMCTRL_DISABLE(line / 32), bit(line));
}

/* Handles the lines of `pending`, of which bit 0 is line `first`. */
static void handle(struct irq_chip *chip, uint32_t pending, uint32_t first)
{
	for (; pending != 0; pending &= pending - 1)
		irq_chip_handle(chip, first + (uint32_t)__builtin_ctz(pending));
}

static void bcm2836_irq_dispatch(struct irq_chip *chip)
{
	struct bcm2836_irq *c = controller_of(chip);
	uint32_t sources = mmio_read32(c->local + LOCAL_IRQ_SOURCE) & LOCAL_SOURCE_LINES;

	handle(chip, sources & ~bit(LOCAL_SOURCE_GPU), BCM2836_LOCAL);
	if ((sources & bit(LOCAL_SOURCE_GPU)) == 0)
		return;
	for (uint32_t bank = 0; bank < ARMCTRL_BANKS; bank++)
		handle(chip, mmio_read32(c->armctrl + ARMCTRL_PENDING(bank)), 32 * bank);
	handle(chip, mmio_read32(c->armctrl + ARMCTRL_BASIC_PENDING) & ARMCTRL_BASIC_LINES,
	       BCM2836_BASIC);
}

static const struct irq_chip_ops bcm2836_irq_ops = {
	.enable = bcm2836_irq_enable,
	.disable = bcm2836_irq_disable,
	.dispatch = bcm2836_irq_dispatch,
};

void bcm2836_irq_init(struct bcm2836_irq *c, uintptr_t armctrl, uintptr_t local)
{
	*c = (struct bcm2836_irq){
		.chip = {.ops = &bcm2836_irq_ops, .lines = c->lines, .n_lines = BCM2836_LINES},
		.armctrl = armctrl,
		.local = local,
	};
	for (uint32_t bank = 0; bank < ARMCTRL_BANKS; bank++)
		mmio_write32(armctrl + ARMCTRL_DISABLE(bank), UINT32_MAX);
	mmio_write32(armctrl + ARMCTRL_DISABLE_BASIC, UINT32_MAX);
	mmio_write32(armctrl + ARMCTRL_FIQ_CONTROL, 0);
	mmio_write32(local + LOCAL_GPU_ROUTING, 0);
	mmio_write32(local + LOCAL_TIMER_CONTROL, 0);
	mmio_write32(local + LOCAL_MAILBOX_CONTROL, 0);
}
