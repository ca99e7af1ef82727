/* SPDX-License-Identifier: ISC */
/*
 * An interrupt controller whose lines are file descriptors of the process: drivers of the host
 * board add theirs, then attach a handler to the line as on any other board. Lines are
 * edge-triggered: one interrupt each time something new arrives or room becomes free.
 */
#ifndef DRIVERS_IRQ_EPOLL_EPOLL_IRQ_H
#define DRIVERS_IRQ_EPOLL_EPOLL_IRQ_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/irq.h"

enum { EPOLL_IRQ_LINES = 16 };

struct epoll_irq {
	struct irq_chip chip;
	struct irq_line lines[EPOLL_IRQ_LINES];
	int fds[EPOLL_IRQ_LINES];
	uint32_t n_fds;
};

void epoll_irq_init(struct epoll_irq *e);

/* Gives descriptor `fd` a line. There are EPOLL_IRQ_LINES; one more asserts. */
MUST_USE uint32_t epoll_irq_add(struct epoll_irq *e, int fd);

#endif
