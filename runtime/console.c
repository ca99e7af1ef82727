/* SPDX-License-Identifier: ISC */
#include "runtime/console.h"

#include <stdio.h>
#include <string.h>

#include "arch/fault.h"
#include "base/attr.h"
#include "hal/board.h"

static const char ellipsis[] = "…";

void console_write(const char *text)
{
	struct uart *console = board_console();
	while (*text != '\0') {
		size_t n = 0;
		while (text[n] != '\0' && text[n] != '\n')
			n++;
		uart_write(console, text, n);
		text += n;
		if (*text == '\n') {
			uart_write(console, "\r\n", 2);
			text++;
		}
	}
}

/* Cuts `line` so that the mark fits, and adds it. */
static size_t mark_as_cut(char *line)
{
	size_t len = CONSOLE_LINE_BYTES - sizeof(ellipsis);
	/* Bytes 10xxxxxx continue a character. */
	while (len > 0 && ((unsigned char)line[len] & 0xc0) == 0x80)
		len--;
	memcpy(line + len, ellipsis, sizeof(ellipsis));
	return len + sizeof(ellipsis) - 1;
}

size_t console_format(char *line, size_t len, const char *format, va_list *ap)
{
	int wanted = vsnprintf(line + len, CONSOLE_LINE_BYTES - len, format, *ap);
	size_t start = len;
	if (wanted < 0)
		wanted = 0;
	len += (size_t)wanted;
	if (len >= CONSOLE_LINE_BYTES)
		len = mark_as_cut(line);
	for (size_t i = start; i < len; i++) {
		unsigned char c = (unsigned char)line[i];
		if ((c < ' ' && c != '\n') || c == 0x7f)
			line[i] = '?';
	}
	return len;
}

GUARDED NO_FLOATS void console_printf(const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	va_list ap;
	va_start(ap, format);
	(void)console_format(line, 0, format, &ap);
	va_end(ap);
	console_write(line);
}
