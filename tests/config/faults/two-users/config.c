/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	netif_t net = port(NULL, 0);
	ip_t one = layer_over(net);
	ip_t other = layer_over(net);

	unikernel("app", job("first_start", one), job("second_start", other));
}
