/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	unikernel("app", job("app_start", disk(0), disk(1), disk(2)));
}
