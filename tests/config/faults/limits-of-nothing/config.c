/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	memory_limit(0);
	flash_limit(0);
	unikernel("app", job("app_start"));
}
