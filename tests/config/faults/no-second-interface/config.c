/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t wan = port("wan", 0);
	netif_t lan = port("lan", 1);

	unikernel("app", job("app_start", wan, lan));
}
