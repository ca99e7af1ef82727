/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

static ip_t both(netif_t a, netif_t b)
{
	layer_over(a);
	key_bool("Key", true, "a key whose name is wrong");
	return layer_over(b);
}

void configure(void)
{
	netif_t wan = port("wan", 0);
	ip_t ip = both(wan, port("lan", 1));

	unikernel("app", job("app_start", ip));
}
