/* SPDX-License-Identifier: ISC */
/*
 * The timeline from entry to ready. An image without a timer has none.
 */
#define LOG_MODULE "boot"
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "hal/timer.h"
#include "runtime/start.h"
#include "runtime/time.h"

enum { MARKS_MAX = BY_MEMORY(4, 16) };

static struct {
	struct {
		const char *what;
		uint64_t us;
	} mark[MARKS_MAX];
	unsigned n;
	bool ready;
} boot;

void boot_mark(const char *what)
{
	if (!boot_arguments || !time_runs() || boot.n == MARKS_MAX) /* whom would it be shown? */
		return;
	boot.mark[boot.n].what = what;
	boot.mark[boot.n++].us = time_now_us();
}

static void log_step(const char *what, uint64_t us)
{
	log_debug("%-16s %8u us", what, (unsigned)us);
}

void boot_ready(void)
{
	if (!time_runs() || boot.ready)
		return;
	boot.ready = true;
	uint64_t ready_us = time_now_us(), last_us = 0;
	for (unsigned i = 0; boot_arguments && i < boot.n; i++) {
		log_step(boot.mark[i].what, boot.mark[i].us - last_us);
		last_us = boot.mark[i].us;
	}
	log_step("application", ready_us - last_us);
	unsigned total_us = (unsigned)ready_us;
	log_info("ready in %u.%03u ms", total_us / US_PER_MS, total_us % US_PER_MS);
}
