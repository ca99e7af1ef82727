/* SPDX-License-Identifier: ISC */
/*
 * Memory that is never given back, and texts in it.
 */
#define _GNU_SOURCE /* vasprintf() */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/assert.h"
#include "tools/config/lib/graph.h"

void assert_failed(const char *expression, const char *file, unsigned line)
{
	fprintf(stderr, "%s:%u: a bug in the configuration compiler: %s\n", file, line, expression);
	exit(EX_SOFTWARE);
}

static void *allocated(void *memory)
{
	if (memory == NULL) {
		fputs("fata configure: this machine has too little memory left\n", stderr);
		exit(EX_OSERR);
	}
	return memory;
}

void *make(size_t bytes)
{
	return allocated(calloc(1, bytes != 0 ? bytes : 1));
}

/* There is room for as many elements as the next power of two above `count` says. */
void *grow(void *array, size_t count, size_t element_bytes)
{
	if ((count & (count - 1)) == 0) {
		size_t room = count != 0 ? 2 * count : 1;
		array = allocated(reallocarray(array, room, element_bytes));
	}
	memset((char *)array + count * element_bytes, 0, element_bytes);
	return array;
}

const char *fata_text(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	const char *text = text_format(format, ap);
	va_end(ap);
	return text;
}

const char *text_format(const char *format, va_list ap)
{
	char *text;

	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	return allocated(text);
}

const char *text_words(const char *const words[], size_t n, const char *last_separator)
{
	const char *text = n != 0 ? words[0] : "";

	for (size_t i = 1; i < n; i++)
		text = fata_text("%s%s%s", text, i == n - 1 ? last_separator : ", ", words[i]);
	return text;
}
