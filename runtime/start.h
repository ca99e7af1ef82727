/* SPDX-License-Identifier: ISC */
/*
 * From the entry code to the application.
 *
 * start() (declared in arch/fault.h, called by the entry code) sets the stack guard, brings up the
 * board's console and memory, parses the boot arguments, and calls unikernel_main() on the boot
 * stack, interrupts masked. That starts what the application needs, and nothing else is in the
 * image:
 *
 *      memory_start()             the heap                    runtime/heap/heap.h
 *      loop_start(board_timer())  time and the event loop     runtime/loop/loop.h
 *      device_started(…)          drivers, protocols          runtime/devices.h
 *      fibers_main(…)             the application in a fiber  runtime/fiber/fiber.h
 *
 * The value that unikernel_main() returns is the image's exit status.
 */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include <stdbool.h>

#include "base/attr.h"
#include "hal/rng.h"

/* Exit statuses; STATUS_USAGE is in runtime/args.h. */
enum {
	STATUS_OK = 0,
	STATUS_ERROR = 1,  /* stop_with_error(): no memory, no device */
	STATUS_PANIC = 70, /* an assertion or panic(): EX_SOFTWARE of sysexits.h */
	/* The processor raised an exception. Not 71: isa-debug-exit makes QEMU end with 143 of it,
	 * which looks like the end by SIGTERM. */
	STATUS_FAULT = 72,
};

/* The application's first function; generated, or written by hand in apps/<app>/main.c. */
int unikernel_main(void);

/* Whether it takes boot arguments: of the application's, false where its keys are constants. */
extern const bool boot_arguments;

/* Ends the machine with `status` (0 to 255). What was written to the console has been sent. */
NORETURN void stop(int status);

/* Prints "error: message" to the console and ends the machine with status 1. */
NORETURN PRINTF(1, 2) void stop_with_error(const char *format, ...);

/*
 * The generator that protocols and applications are given: ChaCha20 with fast key erasure. The
 * first call seeds it from board_entropy(), which may wait for a device for some milliseconds; if
 * that gave less than 32 bytes it logs a warning, and the generator answers ERR_NOTREADY. Images
 * that never call it have neither the generator nor the drivers of its sources. Event loop only.
 */
struct rng *runtime_rng(void);

/*
 * Records that `what` is done, for the boot timeline, printed at --log=debug once the application
 * is ready. Before there is a timer it does nothing.
 */
void boot_mark(const char *what);

/*
 * The application calls it once when it serves: logs the timeline (debug) and "ready in N ms" since
 * the image was entered. Without a timer it does nothing.
 */
void boot_ready(void);

#endif
