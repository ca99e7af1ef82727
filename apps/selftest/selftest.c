/* SPDX-License-Identifier: ISC */
#include "apps/selftest/selftest.h"

#include "hal/board.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "unikernel.h"

int selftest(struct timer *timer, struct rng *rng, const char *way)
{
	boot_ready();
	if (way[0] != '\0') {
		console_printf("crashing: %s\n", way);
		crash(way);
		stop_with_error("--crash=%s: there is no such way; the ways are %s", way,
				crash_ways);
	}
	int failed = run_checks(timer, rng);
	if (failed != 0)
		stop_with_error("%d checks failed on board %s", failed, board_name);
	console_printf("all checks passed on board %s\n", board_name);
	return STATUS_OK;
}
