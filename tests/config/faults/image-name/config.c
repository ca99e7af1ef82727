/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	unikernel("My App", job("app_start"));
}
