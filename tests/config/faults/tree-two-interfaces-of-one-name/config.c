/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	ip_t one = static_ipv4(default_netif());
	ip_t other = static_ipv4(default_netif());

	unikernel("app", job("app_start", one, other));
}
