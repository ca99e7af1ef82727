/* SPDX-License-Identifier: ISC */
#include "tests/unit/loop/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/attr.h"

struct point_machine pm;

static void handle_pending(void)
{
	if (!pm.pending || pm.masked)
		return;
	pm.pending = false;
	pm.masked = true; /* as the processor does on entry */
	pm.handler();
	pm.masked = false;
}

void pm_step(void)
{
	if (pm.steps++ == pm.fire_at)
		pm.pending = true;
	handle_pending();
}

unsigned long pm_mask(void)
{
	pm_step();
	pm.masks++;
	unsigned long state = pm.masked;
	pm.masked = true;
	pm_step();
	return state;
}

void pm_restore(unsigned long state)
{
	pm_step();
	pm.masked = state != 0;
	pm_step();
}

void pm_wait(void)
{
	assert_true(pm.masked);
	pm_step();
	pm.waits++;
	if (!pm.pending) {
		if (pm.before_sleep != NULL)
			pm.before_sleep();
		if (pm.armed_us == TIME_NEVER)
			fail_msg("asleep for ever");
		pm.now_us = MAX(pm.now_us, pm.armed_us);
	}
	pm_restore(0);
}

static uint64_t now_us(struct timer *t)
{
	(void)t;
	pm_step();
	return pm.now_us;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	pm_step();
	pm.armed_us = deadline_us;
}

void pm_init(unsigned fire_at, void (*handler)(void))
{
	static const struct timer_ops ops = {.now_us = now_us, .arm = arm};
	pm = (struct point_machine){.timer.ops = &ops,
				    .now_us = 1000,
				    .armed_us = TIME_NEVER,
				    .fire_at = fire_at,
				    .handler = handler};
}
