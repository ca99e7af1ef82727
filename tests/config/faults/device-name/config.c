/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t net = port("LAN", 0);
	kv_t own = device("my store", kv, sources(), "own_connect", uses(), keys());

	unikernel("app", job("app_start", layer_over(net), own));
}
