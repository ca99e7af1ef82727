/* SPDX-License-Identifier: ISC */
/*
 * configure() is a program, which may have bugs as any other. When it crashes, how far it came is
 * said, on a stack of its own: that of a recursion without end is used up.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "tools/config/lib/graph.h"

#undef stack_t /* the C library's is meant */

static void tell_crash(int signal)
{
	struct place place = place_last();
	char text[256];
	int len = snprintf(text, sizeof(text), "%s:%u: configure() crashed here or behind it: %s\n",
			   place.file, place.line, strsignal(signal));

	if (write(STDERR_FILENO, text, MIN((size_t)len, sizeof(text) - 1)) < 0)
		_exit(EX_IOERR);
	_exit(EXIT_FAILURE);
}

void crash_watch(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
	enum { STACK_BYTES = 1 << 16 };
	const struct sigaction action = {.sa_handler = tell_crash, .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_sp = make(STACK_BYTES), .ss_size = STACK_BYTES};

	if (sigaltstack(&stack, NULL) != 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		(void)sigaction(signals[i], &action, NULL);
}
