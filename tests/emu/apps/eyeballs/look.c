/* SPDX-License-Identifier: ISC */
/* The peer says in a line over which family it was reached. */
#include "runtime/console.h"
#include "runtime/fiber/connect.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { LINE_BYTES = 16, PATIENCE_S = 10 };

static void look_once(struct connector *net, const char *name, uint16_t port)
{
	uint64_t begin_us = time_now_us(), deadline_us = begin_us + PATIENCE_S * US_PER_S;
	char line[LINE_BYTES];
	struct stream s;

	enum err e = stream_connect(&s, net, name, port, deadline_us);
	unsigned took_ms = (unsigned)((time_now_us() - begin_us) / US_PER_MS);
	if (e != OK) {
		console_printf("no connection: %s, after %u ms\n", err_str(e), took_ms);
		return;
	}
	ssize_t n = stream_read(&s, line, sizeof(line), deadline_us);
	if (n > 0)
		console_printf("connected over %.*s after %u ms\n", (int)n, line, took_ms);
	stream_close(&s);
}

int look(struct connector *net, const char *name, uint16_t port)
{
	boot_ready();
	for (;;) {
		look_once(net, name, port);
		(void)!fiber_sleep(100 * US_PER_MS);
	}
}
