/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	job("app_start", wall_clock());
}
