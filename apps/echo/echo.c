/* SPDX-License-Identifier: ISC */
/*
 * What a client sends comes back, without a copy: the received bytes are lent to the sending side.
 */
#include "net/tcp/tcp.h"
#include "runtime/fiber/stream.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { CLIENTS_MAX = 32, STACK_BYTES = 4096 };

FIBER_POOL(fibers, CLIENTS_MAX, STACK_BYTES);

static uint64_t idle_us;

static void serve(struct stream *s)
{
	struct slice bytes;

	while (stream_peek(s, &bytes, time_now_us() + idle_us) == OK) {
		if (stream_write_slice(s, bytes, time_now_us() + idle_us) != OK)
			return;
		stream_consume(s, bytes.len);
	}
}

int echo(struct tcp *tcp, uint16_t port, uint64_t idle)
{
	static struct stream_server server = {.name = "echo", .pool = &fibers, .serve = serve};

	idle_us = idle;
	enum err e = tcp_listen(tcp, port, stream_accept, &server);
	if (e != OK)
		stop_with_error("port %u: %s", (unsigned)port, err_str(e));
	boot_ready();
	fiber_park_forever();
}
