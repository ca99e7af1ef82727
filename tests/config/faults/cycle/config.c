/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = layer_over(port(NULL, 0));
	tcp_t tcp = transport_over(ip);
	kv_t log = store("logger", NULL);

	start_after(tcp, log);
	start_after(log, tcp);
	start_after(ip, tcp);
	unikernel("app", job("app_start", tcp));
}
