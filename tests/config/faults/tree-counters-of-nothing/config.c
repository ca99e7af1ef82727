/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	no_counters();
	metrics_t page = metrics_page();
	tcp_t tcp = tcp_over(static_ipv4(default_netif()));

	unikernel("app", job("app_start", page, tcp));
}
