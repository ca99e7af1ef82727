/* SPDX-License-Identifier: ISC */
#include "apps/selftest/selftest.h"
#include "hal/board.h"
#include "runtime/argblock.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"

ARGUMENT_BLOCK(128);

static const char *way = "";

const struct key application_keys[] = {
	{.name = "crash",
	 .type = &key_string,
	 .value = &way,
	 .help = "crash instead of checking, in the way named"},
	{0},
};

static int run(void)
{
	boot_ready();
	if (way[0] != '\0') {
		console_printf("crashing: %s\n", way);
		crash(way);
		stop_with_error("--crash=%s: there is no such way; the ways are %s", way,
				crash_ways);
	}
	int failed = run_checks();
	if (failed != 0)
		stop_with_error("%d checks failed on board %s", failed, board_name);
	console_printf("all checks passed on board %s\n", board_name);
	return STATUS_OK;
}

int unikernel_main(void)
{
	memory_start();
	loop_start(board_timer());
	fibers_main(run, 16 << 10);
}
