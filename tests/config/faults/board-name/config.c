/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	if (is_board("nonsense") || is_arch("x86") || is_board(NULL))
		argument_block(100);
	unikernel("app", job("app_start"));
}
