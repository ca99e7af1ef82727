/* SPDX-License-Identifier: ISC */
/* files of a FAT volume over HTTP, with room for twice what the load needs at a time */
#include <fata/config.h>

void configure(void)
{
	enum { CONNECTIONS = 128 };
	key pieces =
		key_enum("pieces", "8k", "8k|64k", "what is read at a time", .stage = BUILD_TIME);
	tcp_t tcp = tcp_over(static_ipv4(default_netif()), .connections = CONNECTIONS);
	http_t http = http_over(tcp, key_u16("port", 80, "TCP port to serve on"));
	http_files_t files = http_files(.requests = CONNECTIONS,
					.piece_bytes = key_is(pieces, "8k") ? 8192 : 65536);

	unikernel("disk-files", job("serve", http, files, fat_files(disk_over(default_block()))));
}
