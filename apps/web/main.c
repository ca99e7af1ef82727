/* SPDX-License-Identifier: ISC */
#include "apps/common/wiring.h"
#include "apps/web/web.h"
#include "arch/cpu.h"
#include "hal/board.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "storage/embedded/embedded.h"

/* 64 connections at once, in 2 MiB with everything else. */
static const struct tcp_config tcp_config = {
	.connections = 64,
	.half_open = 64,
	.time_wait = 256,
	.listeners = 1,
	.send_slices = 512,
	.send_bytes = 128 * 1024,
	.recv_bytes = 16 * 1024,
	.recv_packets = 16,
};

static const struct wiring_config wiring_config = {
	.rx_packets = 144,
	.tx_packets = 192,
	.tx_bytes = 512,
	.tcp = &tcp_config,
};

static uint16_t port = 80;

const struct key application_keys[] = {
	WIRING_KEYS,
	{.name = "port",
	 .type = &key_u16,
	 .value = &port,
	 .min = 1,
	 .max = 65535,
	 .help = "TCP port to serve on"},
	{0},
};

static struct wiring wiring;
static struct web web;
static struct task http_task;

static void measure_memory(struct web_memory *out)
{
	out->heap_used_bytes = heap_used_bytes(runtime_heap());
	out->heap_total_bytes = heap_total_bytes(runtime_heap());
	out->peak_bytes = board_memory().image_bytes + heap_peak_bytes(runtime_heap());
	out->memory_bytes = board_memory().total_bytes;
}

/* The time of day at `now_us`, 0 if the board does not know it. */
static uint64_t wall_s(void)
{
	struct clock *clock = board_clock();
	uint64_t unix_s;
	return clock != NULL && clock_read(clock, &unix_s) == OK ? unix_s : 0;
}

static int run(void)
{
	const struct web_inputs inputs = {
		.pages = &embedded_files.kv,
		.board = board_name,
		.arch = arch_name,
		.now_us = time_now_us,
		.idle_us = loop_idle_us,
		.memory = measure_memory,
	};
	struct http_config config = http_config_default;

	wiring_start(&wiring, &wiring_config);
	config.connections = tcp_config.connections;
	void *memory =
		memory_take("HTTP connections", CACHE_LINE_BYTES, http_memory_bytes(&config));
	struct http *http =
		http_init(memory, &config, wall_s(), time_now_us(), task_waker(&http_task));
	web_init(&web, &inputs, http);
	task_add(&http_task, "http", http_poll, http);
	enum err e = tcp_listen(wiring.stack.tcp, port, http_accept, http);
	if (e != OK)
		stop_with_error("port %u: %s", (unsigned)port, err_str(e));
	boot_ready();
	fiber_park_forever();
}

int unikernel_main(void)
{
	memory_start();
	loop_start(board_timer());
	fibers_main(run, 16 << 10);
}
