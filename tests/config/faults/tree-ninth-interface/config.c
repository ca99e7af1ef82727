/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t net = {NULL};

	for (int i = 0; i < 9; i++)
		net = default_netif();
	unikernel("app", job("app_start", static_ipv4(net)));
}
