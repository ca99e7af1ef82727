/* SPDX-License-Identifier: ISC */
#include "runtime/start.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/attr.h"
#include "hal/board.h"
#include "runtime/argblock.h"
#include "runtime/args.h"
#include "runtime/console.h"

enum { MESSAGE_BYTES = 160 };

extern uintptr_t __stack_chk_guard;

static const char help_of_log[] = "which log lines to show, such as tcp:debug,*:info";

static const struct key runtime_keys[] = {
	{.name = "log", .type = &key_log, .help = help_of_log},
	{0},
};

void stop(int status)
{
	cpu_exit(status);
}

GUARDED NO_FLOATS void stop_with_error(const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	const char *said = format;
	if (fault_in_words) {
		va_list ap;
		va_start(ap, format);
		(void)console_format(line, 0, format, &ap);
		va_end(ap);
		said = line;
	}
	console_write("error: ");
	console_write(said);
	console_write("\n");
	stop(STATUS_ERROR);
}

/* In images without the module runtime/argblock. */
WEAK char *argument_block_text(void)
{
	return NULL;
}

static GUARDED void parse_words(char *text)
{
	static const struct key *const tables[] = {application_keys, runtime_keys, NULL};
	char message[MESSAGE_BYTES];
	enum err e = args_parse(text, tables, message, sizeof(message));

	if (e == OK)
		return;
	if (e != ERR_EOF)
		console_printf("%s\n\n", message);
	args_print_help(tables);
	stop(e == ERR_EOF ? STATUS_OK : STATUS_USAGE);
}

/* Where both set a key, the loader's words, which come last, win. */
static void parse_arguments(void)
{
	char *text = argument_block_text();
	if (text != NULL)
		parse_words(text);
	text = board_bootargs();
	if (text != NULL)
		parse_words(text);
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
APART static uintptr_t begin(const struct boot *boot)
{
	if (board_init(boot) != OK)
		stop(STATUS_ERROR);
	return choose_stack_guard();
}

NORETURN APART static void run(void)
{
	if (boot_arguments)
		parse_arguments();
	stop(unikernel_main() & 0xff);
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
