/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t net = port(NULL, 0);

	unikernel("app", job("app_start", net, net));
}
