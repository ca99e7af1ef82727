/* SPDX-License-Identifier: ISC */
#include "drivers/timer/timerfd/timerfd.h"

#include <sys/timerfd.h>

#include "arch/impl/descriptors.h"

static uint64_t now_us(struct timer *timer)
{
	(void)timer;
	return host_now_us();
}

static void arm(struct timer *timer, uint64_t deadline_us)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);
	struct itimerspec spec = {0}; /* all zero disarms */

	if (deadline_us == t->armed_us)
		return; /* saves a system call; an alarm that went off has cleared it */
	t->armed_us = deadline_us;
	if (deadline_us != TIME_NEVER) {
		/* Relative, so that no second clock's origin is needed. At least 1 ns: 0 disarms.
		 */
		uint64_t now = host_now_us();
		uint64_t wait_us = deadline_us > now ? deadline_us - now : 0;
		spec.it_value.tv_sec = (time_t)MIN(wait_us / US_PER_S, INT32_MAX);
		spec.it_value.tv_nsec = (long)(wait_us % US_PER_S) * 1000 + 1;
		if (spec.it_value.tv_nsec > 999999999)
			spec.it_value.tv_nsec = 999999999;
	}
	(void)timerfd_settime(t->fd, 0, &spec, NULL); /* cannot fail: fd and times are valid */
}

static void on_alarm(void *arg)
{
	struct timerfd *t = arg;
	t->armed_us = TIME_NEVER;
	waker_wake(&t->timer.alarm);
}

enum err timerfd_init(struct timerfd *t, struct epoll_irq *irq)
{
	static const struct timer_ops ops = {.now_us = now_us, .arm = arm};
	*t = (struct timerfd){.timer.ops = &ops, .armed_us = TIME_NEVER};
	t->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->fd < 0)
		return ERR_IO;
	return irq_attach(&irq->chip, epoll_irq_add(irq, t->fd), IRQ_EDGE_RISING, on_alarm, t);
}
