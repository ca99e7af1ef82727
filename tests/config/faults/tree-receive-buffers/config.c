/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t small = default_netif(.mtu = 576, .rx_bytes = 736);

	unikernel("app", job("app_start", static_ipv4(small)));
}
