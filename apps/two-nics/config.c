/* SPDX-License-Identifier: ISC */
/* two network interfaces with one TCP and UDP over both */
#include <fata/config.h>

/* A sub-configuration is a function. */
static ip_t ip_on(const char *name, const char *address, const char *gateway)
{
	return static_ipv4(netif(name), .address = address, .gateway = gateway);
}

void configure(void)
{
	ip_t outside = ip_on("outside", "10.0.2.15/24", "10.0.2.2");
	ip_t inside = ip_on("inside", "10.0.3.15/24", "0.0.0.0");
	ip_t both = multihomed(outside, inside);
	tcp_t tcp = tcp_over(both, .connections = 32);
	key port = key_u16("port", 7777, "port of TCP and UDP that answers on both", .min = 1,
			   .max = 65535);

	unikernel("two-nics", job("two_nics", outside, tcp, udp_over(both), port));
}
