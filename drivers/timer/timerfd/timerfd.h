/* SPDX-License-Identifier: ISC */
/*
 * The timer of the host board: CLOCK_MONOTONIC counted from main(), and a timerfd as its alarm.
 */
#ifndef DRIVERS_TIMER_TIMERFD_TIMERFD_H
#define DRIVERS_TIMER_TIMERFD_TIMERFD_H

#include "base/attr.h"
#include "base/err.h"
#include "drivers/irq/epoll/epoll_irq.h"
#include "hal/timer.h"

struct timerfd {
	struct timer timer;
	int fd;
	uint64_t armed_us;
};

/* Creates the alarm and attaches it to a line of `irq`. ERR_IO if the kernel refuses. */
MUST_USE enum err timerfd_init(struct timerfd *t, struct epoll_irq *irq);

#endif
