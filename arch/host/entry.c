/* SPDX-License-Identifier: ISC */
/*
 * The entry of a process: its arguments become the boot argument string, so that the same parser
 * (runtime/args.h) reads them as on every other board.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "arch/fault.h"
#include "arch/impl/descriptors.h"
#include "base/attr.h"
#include "host.h"

enum { CMDLINE_BYTES = 4096, STATUS_USAGE = 64 };

static uint64_t entered_ns;

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t host_now_us(void)
{
	return (now_ns() - entered_ns) / 1000;
}

static bool append(char *line, size_t *len, const char *bytes, size_t n)
{
	if (n >= CMDLINE_BYTES - *len)
		return false;
	memcpy(line + *len, bytes, n);
	*len += n;
	line[*len] = '\0';
	return true;
}

/* Adds one word; with white space in it, the whole word or the part behind '=' gets quotes. */
static bool append_word(char *line, size_t *len, const char *word)
{
	size_t n = strlen(word), head = 0;
	if (*len > 0 && !append(line, len, " ", 1))
		return false;
	if (n > 0 && strpbrk(word, " \t\r\n") == NULL)
		return append(line, len, word, n);
	const char *equals = strchr(word, '=');
	if (equals != NULL)
		head = (size_t)(equals - word) + 1;
	return append(line, len, word, head) && append(line, len, "\"", 1) &&
	       append(line, len, word + head, n - head) && append(line, len, "\"", 1);
}

int main(int argc, char **argv)
{
	static char cmdline[CMDLINE_BYTES];
	size_t len = 0;

	entered_ns = now_ns();
	for (int i = 1; i < argc; i++) {
		if (strchr(argv[i], '"') != NULL) {
			fprintf(stderr, "%s: a boot argument cannot contain a double quote\n",
				argv[i]);
			return STATUS_USAGE;
		}
		if (!append_word(cmdline, &len, argv[i])) {
			fprintf(stderr, "the arguments are longer than %d bytes\n",
				CMDLINE_BYTES - 1);
			return STATUS_USAGE;
		}
	}
	host_catch_signals();
	struct boot boot = {.cmdline = cmdline};
	start(&boot);
}
