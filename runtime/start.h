/* SPDX-License-Identifier: ISC */
/*
 * From the entry code to the application.
 *
 * start() (declared in arch/fault.h, called by the entry code) brings up the board, the heap and
 * the log, parses the boot arguments, and runs unikernel_main() as the first fiber. The value that
 * unikernel_main() returns is the image's exit status; an image that serves for ever does not
 * return from it (fiber_park_forever()).
 */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include <stddef.h>
#include <stdint.h>

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

/*
 * Bytes of stack for unikernel_main(): 16 KiB unless the application defines the variable too. One
 * that needs a lot for a while is better off with a fiber of its own (runtime/fiber/fiber.h).
 */
extern const size_t application_stack_bytes;

/* The application's first function; generated, or written by hand in apps/<app>/main.c. */
int unikernel_main(void);

/* Ends the machine with `status` (0 to 255). What was written to the console has been sent. */
NORETURN void stop(int status);

/* Prints "name: message" as an error to the console and ends the machine with status 1. */
NORETURN PRINTF(1, 2) void stop_with_error(const char *format, ...);

/*
 * The generator that protocols and applications are given: ChaCha20 with fast key erasure. The
 * first call seeds it from board_entropy(), which may wait for a device for some milliseconds; if
 * that gave less than 32 bytes it logs a warning, and the generator answers ERR_NOTREADY. Images
 * that never call it have neither the generator nor the drivers of its sources. Event loop only.
 */
struct rng *runtime_rng(void);

/* Records a moment of the boot timeline, printed at --log=debug once the application is ready. */
void boot_mark(const char *what);

/* The time since the image was entered, including what ran before time_now_us() began to count. */
uint64_t boot_us(void);

/* The application calls it once when it serves: prints the timeline (debug) and "ready in N ms". */
void boot_ready(void);

#endif
