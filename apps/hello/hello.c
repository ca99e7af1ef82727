/* SPDX-License-Identifier: ISC */
#include "hal/board.h"
#include "runtime/console.h"
#include "unikernel.h"

int hello(const char *name)
{
	console_printf("Hello, %s, from board %s (%s).\n", name, board_name, board_arch());
	return 0;
}
