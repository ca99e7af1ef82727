/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	unikernel("app", job("app_start"));
}
