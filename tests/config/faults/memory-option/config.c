/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = transport_over(layer_over(port(NULL, 0)), .bytes = 2000000);

	unikernel("app", job("app_start", tcp));
}
