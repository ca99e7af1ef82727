/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "arch/cpu.h"
#include "boards/common/common.h"
#include "hal/board.h"

enum { STATUS_ERROR = 1 };

static void say(const char *text)
{
	uart_write(board_console(), text, strlen(text));
}

void board_complain(const char *message)
{
	say(board_name);
	say(": ");
	say(message);
	say("\r\n");
}

void board_give_up(const char *message)
{
	board_complain(message);
	cpu_exit(STATUS_ERROR);
}
