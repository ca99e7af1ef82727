/* SPDX-License-Identifier: ISC */
/* Fata's stack on a link in memory, to count its instructions */
#include <fata/config.h>

void configure(void)
{
	packets_t rx = packet_pool(4096, 2048);
	key offload = key_enum("offload", "none", "none|checksums|all", "what the device does");
	netif_t net =
		device("link", netif, sources("link.c"), "link_connect", uses(rx), keys(offload));
	ip_t ip = static_ipv4(net, .ethernet.tx_packets = 1024);
	tcp_t tcp = tcp_over(ip, .connections = 1024, .half_open = 512, .send_slices = 4096,
			     .send_bytes = 128 * 1024, .recv_bytes = 256 * 1024,
			     .recv_packets = 192);
	key port = key_u16("port", 80, "TCP port for HTTP", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port);
	kv_t pages = embedded_files("htdocs");
	key load = key_enum("load", "keep",
			    "keep|close|http-keep|http-vary|http-close|in|out|memory",
			    "what to do");
	key connections = key_u32("connections", 1, "at once", .min = 1, .max = 256);
	key units = key_u32("units", 1000, "requests or segments to count", .min = 1);
	key options = key_bool("options", false, "the client offers timestamps and SACK");

	unikernel("instructions-fata",
		  job("measure_fata", tcp, http, pages, load, connections, units, options));
}
