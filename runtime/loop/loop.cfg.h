/* SPDX-License-Identifier: ISC */
/* The event loop with its fibers, and the timer that stands for it. */
#ifndef RUNTIME_LOOP_CFG_H
#define RUNTIME_LOOP_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"

static inline struct fata_node *fata_loop(void)
{
	static const struct fata_spec spec = {
		.kind = "loop",
		.about = "event loop and fibers",
		.modules = "runtime/loop runtime/fiber",
		.headers = "hal/board.h runtime/fiber/fiber.h runtime/loop/loop.h",
		.early = true,
		.start = "loop_start(board_timer());",
		.run_main = "fibers_main($main, $stack_bytes);",
	};
	fata_needs_of_board("timer", 0);
	return fata_single(&spec, "loop", FATA_USES({"heap", fata_heap()}));
}

static inline timer_t default_timer(void)
{
	static const struct fata_spec spec = {
		.kind = "timer",
		.about = "timer of the board",
		.signature = &fata_signature_timer,
		.headers = "hal/board.h",
		.value = "board_timer()",
	};
	return (timer_t){fata_single(&spec, "timer", FATA_USES({"loop", fata_loop()}))};
}
#define default_timer() FATA_HERE(default_timer())

FATA_OFFERS(default_timer, "timer_t default_timer(void)",
	    "the board's timer; a job that has it may sleep and use fibers")

#endif
