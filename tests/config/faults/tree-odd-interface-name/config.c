/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = static_ipv4(netif("LAN"));

	unikernel("app", job("app_start", ip));
}
