/* SPDX-License-Identifier: ISC */
/* lwIP on a link in memory, to count its instructions */
#include <fata/config.h>

void configure(void)
{
	packets_t rx = packet_pool(4096, 2048);
	packets_t tx = packet_pool(1024, 512);
	key offload = key_enum("offload", "none", "none|checksums|all", "what the device does");
	netif_t net =
		device("link", netif, sources("link.c"), "link_connect", uses(rx), keys(offload));
	kv_t pages = embedded_files("htdocs");
	key load = key_enum("load", "keep",
			    "keep|close|http-keep|http-vary|http-close|in|out|memory",
			    "what to do");
	key connections = key_u32("connections", 1, "at once", .min = 1, .max = 256);
	key units = key_u32("units", 1000, "requests or segments to count", .min = 1);
	key options = key_bool("options", false, "the client offers timestamps and SACK");

	unikernel("instructions-lwip", job("measure_lwip", default_timer(), net, tx, pages, load,
					   connections, units, options));
}
