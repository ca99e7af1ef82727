/* SPDX-License-Identifier: ISC */
#include "drivers/timer/cmsdk_timer/cmsdk_timer.h"

#include "arch/mmio.h"
#include "drivers/timer/cmsdk_timer/cmsdk_timer_regs.h"

enum { RECENT_TICKS = 1 << 28 };

static struct cmsdk_timer *timer_of(struct timer *t)
{
	return container_of(t, struct cmsdk_timer, timer);
}

/* It counts down from 2^32 - 1. */
static uint32_t low_ticks(const struct cmsdk_timer *t)
{
	return UINT32_MAX - mmio_read32(t->clock + CMSDK_DUAL_VALUE);
}

/*
 * Its interrupt counts the wraps. One that is not counted yet is asked for while a wrap is not long
 * ago, much longer than interrupts are ever masked: else a read is enough, which an emulator takes
 * long for. If the interrupt comes in between, which it does once in minutes, all is done again.
 */
static uint64_t ticks(const struct cmsdk_timer *t)
{
	uint32_t wraps, low, uncounted;

	do {
		wraps = t->wraps;
		low = low_ticks(t);
		uncounted = low < RECENT_TICKS ? mmio_read32(t->clock + CMSDK_DUAL_INT) & 1 : 0;
	} while (UNLIKELY(wraps != t->wraps));
	return (uint64_t)(wraps + uncounted) << 32 | low;
}

static uint64_t cmsdk_timer_now_us(struct timer *timer)
{
	struct cmsdk_timer *t = timer_of(timer);

	return scale_us(&t->scale, ticks(t));
}

static void cmsdk_timer_arm(struct timer *timer, uint64_t deadline_us)
{
	struct cmsdk_timer *t = timer_of(timer);
	uint64_t now_us, wait = 1;

	mmio_write32(t->alarm + CMSDK_TIMER_CTRL, 0);
	if (deadline_us == TIME_NEVER)
		return;
	now_us = cmsdk_timer_now_us(timer);
	/* Past: at the next tick. Too far: early. */
	if (deadline_us > now_us)
		wait = scale_ticks(&t->scale, (uint32_t)MIN(deadline_us - now_us, UINT32_MAX));
	mmio_write32(t->alarm + CMSDK_TIMER_VALUE, (uint32_t)MIN(wait, UINT32_MAX));
	mmio_write32(t->alarm + CMSDK_TIMER_CTRL, CMSDK_TIMER_CTRL_ENABLE | CMSDK_TIMER_CTRL_INT);
}

static void alarm_interrupt(void *arg)
{
	struct cmsdk_timer *t = arg;

	mmio_write32(t->alarm + CMSDK_TIMER_CTRL, 0);
	mmio_write32(t->alarm + CMSDK_TIMER_INT, 1);
	waker_wake(&t->timer.alarm);
}

static void clock_interrupt(void *arg)
{
	struct cmsdk_timer *t = arg;

	mmio_write32(t->clock + CMSDK_DUAL_INT_CLEAR, 1);
	t->wraps++;
}

void cmsdk_timer_begin(uintptr_t clock)
{
	mmio_write32(clock + CMSDK_DUAL_CTRL, 0);
	mmio_write32(clock + CMSDK_DUAL_LOAD, UINT32_MAX);
	mmio_write32(clock + CMSDK_DUAL_INT_CLEAR, 1);
	mmio_write32(clock + CMSDK_DUAL_CTRL, CMSDK_DUAL_CTRL_32_BITS | CMSDK_DUAL_CTRL_INT |
						      CMSDK_DUAL_CTRL_PERIODIC |
						      CMSDK_DUAL_CTRL_ENABLE);
}

enum err cmsdk_timer_init(struct cmsdk_timer *t, const struct cmsdk_timer_place *at,
			  struct irq_chip *chip)
{
	static const struct timer_ops ops = {
		.now_us = cmsdk_timer_now_us,
		.arm = cmsdk_timer_arm,
	};
	enum err e;

	*t = (struct cmsdk_timer){.timer = {.ops = &ops}, .clock = at->clock, .alarm = at->alarm};
	e = scale_init(&t->scale, at->hz);
	if (e != OK)
		return e;
	mmio_write32(at->alarm + CMSDK_TIMER_CTRL, 0);
	mmio_write32(at->alarm + CMSDK_TIMER_RELOAD, UINT32_MAX);
	mmio_write32(at->alarm + CMSDK_TIMER_INT, 1);
	e = irq_attach(chip, at->clock_line, IRQ_LEVEL_HIGH, clock_interrupt, t);
	if (e == OK)
		e = irq_attach(chip, at->alarm_line, IRQ_LEVEL_HIGH, alarm_interrupt, t);
	return e;
}
