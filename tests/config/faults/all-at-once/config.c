/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = transport_over(layer_over(port(NULL, 0)), .bytes = 2000000);
	key port = key_u16("port", 0, "port to serve on", .min = 1);
	clock_t clock = wall_clock();

	unikernel("app", job("app-start", tcp, port, clock, store(NULL, "large")));
}
