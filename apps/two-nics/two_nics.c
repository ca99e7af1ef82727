/* SPDX-License-Identifier: ISC */
/*
 * Whoever connects is told through which interface. The two stacks share nothing but the image:
 * what comes in by one never goes out by the other.
 */
#include <stdio.h>

#include "net/stack/stack.h"
#include "net/tcp/tcp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static void tell(void *arg, struct flow *f, uint64_t now_us)
{
	const struct stack *stack = arg;
	char line[64];

	(void)now_us;
	int n = snprintf(line, sizeof(line), "You are on %s.\n", stack->name);
	/* A new connection has room for a line; if not, the peer sees the end. */
	(void)!flow_write_copy(f, line, (size_t)n);
	flow_close(f);
}

static void listen_on(struct stack *stack, uint16_t port)
{
	enum err e = tcp_listen(stack->tcp, port, tell, stack);
	if (e != OK)
		stop_with_error("%s: port %u: %s", stack->name, (unsigned)port, err_str(e));
}

int two_nics(struct stack *outside, struct stack *inside, uint16_t port)
{
	listen_on(outside, port);
	listen_on(inside, port);
	boot_ready();
	fiber_park_forever();
}
