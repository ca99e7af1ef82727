/* SPDX-License-Identifier: ISC */
#include "tests/fakes/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "arch/irqflags.h"
#include "base/attr.h"
#include "runtime/loop/loop.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/start.h"

struct machine machine;

static uint64_t now_us(struct timer *t)
{
	return container_of(t, struct machine, timer)->now_us;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	container_of(t, struct machine, timer)->armed_us = deadline_us;
}

void host_handle_irqs(int wait)
{
	if (wait == 0 || (machine.done != NULL && *machine.done))
		return;
	machine.sleeps++;
	if (machine.armed_us != TIME_NEVER && machine.armed_us > machine.now_us)
		machine.now_us = machine.armed_us;
	else if (machine.interrupt == NULL)
		fail_msg("the loop sleeps for ever");
	if (machine.interrupt != NULL)
		machine.interrupt();
}

/* The loop marks the boot timeline. */
void boot_mark(const char *what)
{
	(void)what;
}

void machine_init(uint64_t start_us)
{
	static const struct timer_ops ops = {.now_us = now_us, .arm = arm};
	machine = (struct machine){.timer.ops = &ops, .now_us = start_us, .armed_us = TIME_NEVER};
	loop_start(&machine.timer);
}

void machine_run_until(const bool *done, unsigned rounds)
{
	machine.done = done;
	while (!*done) {
		if (rounds-- == 0)
			fail_msg("not done after the rounds allowed");
		loop_round();
	}
	machine.done = NULL;
}
