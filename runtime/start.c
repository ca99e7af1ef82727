/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "start"
#include "runtime/start.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/irqflags.h"
#include "base/log.h"
#include "hal/board.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/start_internal.h"

enum { MESSAGE_BYTES = 160 };

extern uintptr_t __stack_chk_guard;

/* An application defines its own value to override this one. */
WEAK const size_t application_stack_bytes = 16 << 10;

static const struct key runtime_keys[] = {
	{"log", &key_log, NULL, 0, 0, "which log lines to show, such as tcp:debug,*:info"},
	{0},
};

static struct fiber main_fiber;

void stop(int status)
{
	cpu_exit(status);
}

void stop_with_error(const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	va_list ap;
	va_start(ap, format);
	(void)console_format(line, 0, format, ap);
	va_end(ap);
	console_write("error: ");
	console_write(line);
	console_write("\n");
	stop(STATUS_ERROR);
}

static void run_application(void *arg)
{
	(void)arg;
	stop(unikernel_main() & 0xff);
}

/* The parser cuts words in place and strings point into them: they need memory that stays. */
static void parse_arguments(void)
{
	static const struct key *const tables[] = {application_keys, runtime_keys, NULL};
	char message[MESSAGE_BYTES];
	const char *given = board_bootargs();
	size_t bytes = strlen(given) + 1;
	char *text = heap_alloc(runtime_heap(), bytes);

	if (text == NULL)
		stop_with_error("the boot arguments are too long for the memory");
	snprintf(text, bytes, "%s", given);
	enum err e = args_parse(text, tables, message, sizeof(message));
	if (e == OK)
		return;
	if (e != ERR_EOF)
		console_printf("%s\n\n", message);
	args_print_help(tables);
	stop(e == ERR_EOF ? STATUS_OK : STATUS_USAGE);
}

/*
 * A guard that an attacker cannot know, if the processor or the loader has random bits. Where
 * neither has, it is made from the counter: that differs from start to start and stops accidents,
 * but not somebody who can guess the time of the start. Its lowest byte is 0, so that no string
 * operation can write it.
 */
static uintptr_t choose_stack_guard(void)
{
	uintptr_t guard;
	if (cpu_random(&guard, sizeof(guard)) != OK)
		guard = (uintptr_t)(cpu_cycles() * 0x9e3779b97f4a7c15u >> 8);
	return (guard ^ (uintptr_t)board_guard_seed()) & ~(uintptr_t)0xff;
}

/* All that must be there before the stack guard, whose value it returns. */
NOINLINE static uintptr_t begin(const struct boot *boot)
{
	boot_entered();
	if (board_init(boot) != OK)
		stop(STATUS_ERROR);
	loop_init(board_timer());
	boot_timer_runs();
	return choose_stack_guard();
}

NORETURN NOINLINE static void run(void)
{
	if (memory_init() != OK)
		stop_with_error("memory: the board has %u KiB for the heap, %u are needed",
				(unsigned)(board_memory().bytes >> 10),
				(unsigned)(MEMORY_BYTES_MIN >> 10));
	boot_mark("memory");
	parse_arguments();
	boot_mark("arguments");
	if (fiber_spawn(&main_fiber, "main", application_stack_bytes, run_application, NULL) != OK)
		stop_with_error("memory: too little for the stack of the application");
	irq_unmask();
	loop_run();
}

/*
 * Cannot be protected by the guard that it sets. What it calls is protected, and is kept from being
 * made a part of it.
 */
__attribute__((no_stack_protector)) void start(const struct boot *boot)
{
	__stack_chk_guard = begin(boot);
	run();
}
