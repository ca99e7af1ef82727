/* SPDX-License-Identifier: ISC */
#include "drivers/uart/stdio/stdio_uart.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "arch/impl/descriptors.h"

enum { WRITE_WAIT_MS = 100 };

static struct termios terminal_before;

static void restore_terminal(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

static void write_all(struct uart *u, const void *bytes, size_t len)
{
	const char *at = bytes;
	(void)u;
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, at, len);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		/* A reader that does not take it in time loses it, as on a serial line. */
		struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
		if (n == 0 || (errno != EINTR && errno != EAGAIN) ||
		    (errno == EAGAIN && poll(&room, 1, WRITE_WAIT_MS) == 0))
			return;
	}
}

/* O_NONBLOCK would change the terminal for the shell too, so poll() is asked first. */
static size_t read_ready(struct uart *u, void *bytes, size_t max)
{
	struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
	(void)u;
	if (poll(&ready, 1, 0) <= 0)
		return 0;
	ssize_t n = read(STDIN_FILENO, bytes, max);
	return n > 0 ? (size_t)n : 0;
}

static void on_input(void *arg)
{
	struct stdio_uart *s = arg;
	waker_wake(&s->uart.rx);
}

static enum err rx_start(struct uart *u)
{
	struct stdio_uart *s = container_of(u, struct stdio_uart, uart);
	struct termios t;

	if (s->irq == NULL)
		return ERR_UNSUPPORTED;
	if (tcgetattr(STDIN_FILENO, &t) == 0) {
		terminal_before = t;
		t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		host_at_end(restore_terminal);
		tcsetattr(STDIN_FILENO, TCSANOW, &t);
	}
	enum err e = irq_attach(&s->irq->chip, epoll_irq_add(s->irq, STDIN_FILENO), IRQ_EDGE_RISING,
				on_input, s);
	if (e == ERR_UNSUPPORTED) { /* a regular file: all of it is there already */
		waker_wake(&u->rx);
		return OK;
	}
	return e;
}

void stdio_uart_init(struct stdio_uart *s)
{
	static const struct uart_ops ops = {
		.write = write_all, .read = read_ready, .rx_start = rx_start};
	*s = (struct stdio_uart){.uart.ops = &ops};
}

void stdio_uart_set_irq(struct stdio_uart *s, struct epoll_irq *irq)
{
	s->irq = irq;
}
