/* SPDX-License-Identifier: ISC */
#include "tests/fakes/console.h"

#include <string.h>

#include "base/attr.h"
#include "hal/board.h"

char fake_console_text[8192];
size_t fake_console_len;

static void write_text(struct uart *u, const void *bytes, size_t len)
{
	(void)u;
	len = MIN(len, sizeof(fake_console_text) - 1 - fake_console_len);
	memcpy(fake_console_text + fake_console_len, bytes, len);
	fake_console_len += len;
	fake_console_text[fake_console_len] = '\0';
}

static size_t read_nothing(struct uart *u, void *bytes, size_t max)
{
	(void)u;
	(void)bytes;
	(void)max;
	return 0;
}

static enum err no_input(struct uart *u)
{
	(void)u;
	return ERR_UNSUPPORTED;
}

struct uart *board_console(void)
{
	static const struct uart_ops ops = {
		.write = write_text, .read = read_nothing, .rx_start = no_input};
	static struct uart console = {.ops = &ops};
	return &console;
}

void fake_console_clear(void)
{
	fake_console_len = 0;
	fake_console_text[0] = '\0';
}
