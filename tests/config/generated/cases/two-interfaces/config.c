/* SPDX-License-Identifier: ISC */
/* A task an interface, names of the person's, several jobs with the loop and stacks of their own.
 */
#include <fata/config.h>

static tcp_t stream(netif_t net)
{
	return stream_over(layer_over(link_over(net)));
}

void configure(void)
{
	netif_t lan_net = interface("lan", 0), wan_net = interface("wan", 1);
	tcp_t lan = stream(lan_net);
	tcp_t wan = stream(wan_net);
	key rate = key_int("rate", -3, "how fast", .min = -10, .max = 10);
	uart_t beats = heart();

	start_after(lan_net, wan_net);
	unikernel("router", with_stack(job("watch", lan, rate), 4096),
		  with_stack(job("watch", wan, rate), 65536), job("route", lan, wan, beats));
}
