/* SPDX-License-Identifier: ISC */
/* no network stack: what the driver, the emulator and the kernel leave to gain */
#include <fata/config.h>

void configure(void)
{
	/* As many received frames as the other servers have. */
	netif_t net = default_netif(.rx_packets = 1536);
	key ipv4 = key_ipv4_prefix("ipv4", "10.0.2.15/24", "address, and the length of its prefix");

	unikernel("frames", job("answer_frames", net, embedded_files("htdocs"), ipv4));
}
