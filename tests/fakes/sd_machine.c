/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sd_machine.h"

struct sd_machine sd_machine;

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return ++sd_machine.now_us;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	(void)deadline_us;
}

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert(line == SD_MACHINE_LINE && trigger == IRQ_LEVEL_HIGH);
	sd_machine.line_enabled = true;
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	(void)line;
	sd_machine.line_enabled = false;
}

static const struct timer_ops timer_ops = {.now_us = now_us, .arm = arm};
static const struct irq_chip_ops irq_ops = {.enable = enable, .disable = disable};
static struct irq_line lines[SD_MACHINE_LINE + 1];
struct timer sd_machine_timer = {.ops = &timer_ops};
struct irq_chip sd_machine_irq = {.ops = &irq_ops, .lines = lines, .n_lines = SD_MACHINE_LINE + 1};

void sd_machine_init(bool (*pending)(void))
{
	sd_machine = (struct sd_machine){.now_us = 1000, .pending = pending};
	lines[SD_MACHINE_LINE] = (struct irq_line){0};
}

void sd_machine_run(void)
{
	if (!sd_machine.line_enabled || !sd_machine.pending())
		return;
	irq_chip_handle(&sd_machine_irq, SD_MACHINE_LINE);
	assert(!sd_machine.pending());
}
