/* SPDX-License-Identifier: ISC */
/* two network interfaces with a stack each, in one image */
#include <fata/config.h>

/* A sub-configuration is a function. */
static stack_t stack_on(const char *name, const char *address, const char *gateway)
{
	ip_t ip = static_ipv4(netif(name), .address = address, .gateway = gateway);

	return stack_of(ip, udp_over(ip), tcp_over(ip, .connections = 16));
}

void configure(void)
{
	stack_t outside = stack_on("outside", "10.0.2.15/24", "10.0.2.2");
	stack_t inside = stack_on("inside", "10.0.3.15/24", "0.0.0.0");
	key port = key_u16("port", 7777, "TCP port that answers on both interfaces", .min = 1,
			   .max = 65535);

	unikernel("two-nics", job("two_nics", outside, inside, port));
}
