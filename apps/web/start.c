/* SPDX-License-Identifier: ISC */
#include "runtime/start.h"
#include "apps/web/web.h"
#include "hal/board.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "unikernel.h"

static void measure_memory(struct web_memory *out)
{
	out->heap_used_bytes = heap_used_bytes(runtime_heap());
	out->heap_total_bytes = heap_total_bytes(runtime_heap());
	out->peak_bytes = board_memory().image_bytes + heap_peak_bytes(runtime_heap());
	out->memory_bytes = board_memory().total_bytes;
}

int web_start(struct http *http, struct kv *pages)
{
	static struct web web;
	const struct web_inputs inputs = {
		.pages = pages,
		.board = board_name,
		.arch = board_arch(),
		.now_us = time_now_us,
		.idle_us = loop_idle_us,
		.memory = measure_memory,
	};

	web_init(&web, &inputs, http);
	boot_ready();
	fiber_park_forever();
}
