/* SPDX-License-Identifier: ISC */
/* One interface, all protocols polled by its task, a server with a task of its own. */
#include <fata/config.h>

void configure(void)
{
	netif_t net = interface(NULL, 0);
	tcp_t tcp = stream_over(layer_over(link_over(net)));
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1);
	http_t http = server_over(tcp, port);

	unikernel("server", job("server_run", http, folder("htdocs"), port));
}
