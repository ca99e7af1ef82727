/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	argument_block(0);
	argument_block(256);
	argument_block(256);
	unikernel("app", job("app_start"));
}
