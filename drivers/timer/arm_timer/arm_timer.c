/* SPDX-License-Identifier: ISC */
#include "drivers/timer/arm_timer/arm_timer.h"

#include "arch/arm_sysreg.h"

static struct arm_timer *timer_of(struct timer *t)
{
	return container_of(t, struct arm_timer, timer);
}

static uint64_t counter(const struct arm_timer *t)
{
	return t->kind == ARM_TIMER_VIRTUAL ? arm_counter_virtual() : arm_counter_physical();
}

static void control(const struct arm_timer *t, uint32_t bits)
{
	if (t->kind == ARM_TIMER_VIRTUAL)
		arm_timer_virtual_control(bits);
	else
		arm_timer_physical_control(bits);
}

static void compare(const struct arm_timer *t, uint64_t count)
{
	if (t->kind == ARM_TIMER_VIRTUAL)
		arm_timer_virtual_compare(count);
	else
		arm_timer_physical_compare(count);
}

static uint64_t arm_timer_now_us(struct timer *timer)
{
	struct arm_timer *t = timer_of(timer);

	return scale_us(&t->scale, counter(t) - t->zero);
}

static void arm_timer_arm(struct timer *timer, uint64_t deadline_us)
{
	struct arm_timer *t = timer_of(timer);
	uint64_t now = counter(t);
	uint64_t now_us = scale_us(&t->scale, now - t->zero);

	if (deadline_us == TIME_NEVER) {
		control(t, 0);
		return;
	}
	/* Past: a compare value that the counter has reached interrupts at once. Too far: early. */
	if (deadline_us > now_us)
		now += scale_ticks(&t->scale, (uint32_t)MIN(deadline_us - now_us, UINT32_MAX));
	compare(t, now);
	control(t, ARM_TIMER_ENABLE);
}

/* The condition stays until the timer is armed again: the timer is turned off. */
static void arm_timer_interrupt(void *arg)
{
	struct arm_timer *t = arg;

	control(t, 0);
	waker_wake(&t->timer.alarm);
}

static const struct timer_ops arm_timer_ops = {
	.now_us = arm_timer_now_us,
	.arm = arm_timer_arm,
};

enum err arm_timer_init(struct arm_timer *t, enum arm_timer_kind kind, struct irq_chip *chip,
			uint32_t line)
{
	uint64_t age = arm_counter_virtual() - arm_counter_at_entry();
	enum err e;

	/* The virtual counter measured how long ago the entry was, for the physical one too. */
	*t = (struct arm_timer){.timer = {.ops = &arm_timer_ops}, .kind = kind};
	t->zero = counter(t) - age;
	e = scale_init(&t->scale, arm_counter_hz());
	if (e != OK)
		return e;
	control(t, 0);
	return irq_attach(chip, line, IRQ_LEVEL_HIGH, arm_timer_interrupt, t);
}
