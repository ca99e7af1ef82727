/* SPDX-License-Identifier: ISC */
#include "arch/mmio.h"
#include "boards/common/common.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

/* A PL031 of QEMU's machine virt, whose alarm interrupts until it is cleared. */
enum {
	CLOCK_BASE = 0x09010000,
	CLOCK_NOW = 0x00,
	CLOCK_ALARM = 0x04,
	CLOCK_INT_ENABLE = 0x10,
	CLOCK_LINE = 34,
};

/* A timer of the MPS2 that the board does not use. */
enum {
	TIMER_BASE = 0x40001000,
	TIMER_CONTROL = 0x00,
	TIMER_CONTROL_ON_WITH_INT = 0x9,
	TIMER_VALUE = 0x04,
	TIMER_LINE = 9,
};

static unsigned interrupts;

static void leave_it(void *arg)
{
	(void)arg;
	interrupts++;
}

static void begin(uint32_t line)
{
	if (line == TIMER_LINE) {
		mmio_write32(TIMER_BASE + TIMER_VALUE, 1);
		mmio_write32(TIMER_BASE + TIMER_CONTROL, TIMER_CONTROL_ON_WITH_INT);
		return;
	}
	mmio_write32(CLOCK_BASE + CLOCK_INT_ENABLE, 1);
	mmio_write32(CLOCK_BASE + CLOCK_ALARM, mmio_read32(CLOCK_BASE + CLOCK_NOW));
}

int babble(struct timer *timer, uint32_t line)
{
	(void)timer;
	begin(line);
	if (irq_attach(board_irq_root, line, IRQ_LEVEL_HIGH, leave_it, NULL) != OK)
		return STATUS_ERROR;
	for (unsigned i = 1; i <= 3; i++) {
		(void)!fiber_sleep(US_PER_S / 10);
		console_printf("still here, %u interrupts\n", interrupts);
	}
	return STATUS_OK;
}
