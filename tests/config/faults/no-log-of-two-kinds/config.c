/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	no_log();
	brief_log();
	unikernel("app", job("app_start"));
}
