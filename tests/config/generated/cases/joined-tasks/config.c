/* SPDX-License-Identifier: ISC */
/* What stands over two interfaces at once is polled in the tasks of both, a server in its own. */
#include <fata/config.h>

void configure(void)
{
	ip_t lan = layer_over(link_over(interface("lan", 0)));
	ip_t wan = layer_over(link_over(interface("wan", 1)));
	tcp_t both = stream_over(both_over(lan, wan));
	tcp_t alone = stream_over(wan);
	key port = key_u16("port", 80, "port to serve on");

	unikernel("joined", job("watch", server_over(both, port), alone));
}
