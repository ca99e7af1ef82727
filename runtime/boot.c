/* SPDX-License-Identifier: ISC */
/*
 * The timeline from entry to ready.
 *
 * What runs before the board's timer does is measured with the processor's cycle counter, whose
 * rate is found later by comparing the two.
 */
#define LOG_MODULE "boot"
#include <stdint.h>

#include "arch/cpu.h"
#include "base/divide.h"
#include "base/log.h"
#include "hal/timer.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "runtime/start_internal.h"

enum { MARKS_MAX = 16 };

static struct {
	uint64_t entry_cycles, timer_cycles;
	struct {
		const char *what;
		uint64_t us; /* since the timer runs */
	} mark[MARKS_MAX];
	unsigned n;
	bool ready;
} boot;

void boot_entered(void)
{
	boot.entry_cycles = cpu_cycles();
}

void boot_timer_runs(void)
{
	boot.timer_cycles = cpu_cycles();
}

/* From entry until the timer ran, in microseconds; 0 on a machine without a counter of cycles. */
static uint64_t before_timer_us(void)
{
	uint64_t cycles = cpu_cycles() - boot.timer_cycles;
	uint64_t before = boot.timer_cycles - boot.entry_cycles;
	/* Both to 32 bits: what counts is their ratio. */
	while ((cycles | before) > UINT32_MAX) {
		cycles >>= 1;
		before >>= 1;
	}
	uint64_t us = MIN(time_now_us(), UINT32_MAX);
	uint32_t rest;
	return cycles != 0 ? divide(before * us, (uint32_t)cycles, &rest) : 0;
}

void boot_mark(const char *what)
{
	if (boot.n == MARKS_MAX)
		return;
	boot.mark[boot.n].what = what;
	boot.mark[boot.n++].us = time_now_us();
}

uint64_t boot_us(void)
{
	return time_now_us() + before_timer_us();
}

void boot_ready(void)
{
	if (boot.ready)
		return;
	boot.ready = true;
	boot_mark("application");
	uint64_t before_us = before_timer_us(), last_us = 0;
	log_debug("%-16s %8u us", "board", (unsigned)before_us);
	for (unsigned i = 0; i < boot.n; i++) {
		log_debug("%-16s %8u us", boot.mark[i].what, (unsigned)(boot.mark[i].us - last_us));
		last_us = boot.mark[i].us;
	}
	unsigned total_us = (unsigned)(last_us + before_us);
	log_info("ready in %u.%03u ms", total_us / US_PER_MS, total_us % US_PER_MS);
}
