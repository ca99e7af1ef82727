/* SPDX-License-Identifier: ISC */
#include "arch/irqflags.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "arch/fault.h"
#include "arch/impl/descriptors.h"
#include "base/assert.h"

enum { BATCH = 16 };

static int epoll_fd = -1;

/* What the last epoll_wait() reported and the dispatcher has not taken yet. */
static struct epoll_event pending[BATCH];
static int n_pending, n_taken;

enum err host_watch(int fd, uint32_t line)
{
	if (epoll_fd < 0) {
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
		if (epoll_fd < 0)
			return ERR_IO;
	}
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = line};
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0)
		return OK;
	return errno == EPERM ? ERR_UNSUPPORTED : ERR_IO;
}

void host_unwatch(int fd)
{
	(void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

int32_t host_next_line(void)
{
	if (n_taken == n_pending)
		return -1;
	return (int32_t)pending[n_taken++].data.u32;
}

void host_handle_irqs(int wait)
{
	assert(epoll_fd >= 0); /* the board's timer is always watched */
	int n = epoll_wait(epoll_fd, pending, BATCH, wait != 0 ? -1 : 0);
	if (n <= 0)
		return; /* a signal may end the wait early, which the contract allows */
	n_taken = 0;
	n_pending = n;
	interrupt();
}
