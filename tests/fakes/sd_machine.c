/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sd_machine.h"

/* Interrupts in a row: more than a command's data can be reason for. */
enum { STORM = 10000 };

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
	assert(sd_machine.pending[line] != NULL && trigger == IRQ_LEVEL_HIGH);
	sd_machine.enabled[line] = true;
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	sd_machine.enabled[line] = false;
}

static const struct timer_ops timer_ops = {.now_us = now_us, .arm = arm};
static const struct irq_chip_ops irq_ops = {.enable = enable, .disable = disable};
static struct irq_line lines[SD_MACHINE_LINES];
struct timer sd_machine_timer = {.ops = &timer_ops};
struct irq_chip sd_machine_irq = {.ops = &irq_ops, .lines = lines, .n_lines = SD_MACHINE_LINES};

void sd_machine_init(bool (*pending)(void))
{
	sd_machine = (struct sd_machine){.now_us = 1000, .pending = {[SD_MACHINE_LINE] = pending}};
	for (unsigned line = 0; line < SD_MACHINE_LINES; line++)
		lines[line] = (struct irq_line){0};
}

void sd_machine_run(void)
{
	irq_storm.left = IRQ_STORM_MAX; /* as the loop's turn does */
	for (unsigned line = 0; line < SD_MACHINE_LINES; line++) {
		for (unsigned times = 0; sd_machine.enabled[line] && sd_machine.pending[line]();
		     times++) {
			assert(times < STORM);
			irq_chip_handle(&sd_machine_irq, line);
		}
	}
}

bool sd_machine_is_quiet(void)
{
	for (unsigned line = 0; line < SD_MACHINE_LINES; line++) {
		if (sd_machine.enabled[line])
			return false;
	}
	return true;
}
