/* SPDX-License-Identifier: ISC */
/* lwIP on a microcontroller: the peer of micro-fata */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_counters();
	key ipv4 =
		key_ipv4_prefix("ipv4", "10.0.2.15/24",
				"address and length of the network's prefix; 0.0.0.0/0: by DHCP");
	key gateway = key_ipv4("gateway", "10.0.2.2", "router to other networks");

	unikernel("micro-lwip", with_stack(job("lwip_serve", default_timer(),
					       embedded_files("htdocs"), ipv4, gateway),
					   2048));
}
