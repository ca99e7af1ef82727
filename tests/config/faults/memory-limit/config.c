/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	memory_limit(64 << 10);
	tcp_t tcp = transport_over(layer_over(port(NULL, 0)), .bytes = 100000);

	unikernel("app", job("app_start", tcp));
}
