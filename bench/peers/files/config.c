/* SPDX-License-Identifier: ISC */
/* files of a FAT volume over HTTP, with room for twice what the load needs at a time */
#include <fata/config.h>

void configure(void)
{
	enum { CONNECTIONS = 128 };
	key pieces = key_enum("pieces", "8k", "8k|64k", "read at a time", .stage = BUILD_TIME);
	key pages = key_bool("cache", false, "pages of the disk are kept", .stage = BUILD_TIME);
	tcp_t tcp = tcp_over(static_ipv4(default_netif()), .connections = CONNECTIONS);
	http_t http = http_over(tcp, key_u16("port", 80, "TCP port to serve on"));
	disk_t disk = disk_over(default_block());
	kv_t files = fat_files(key_is_on(pages) ? cached(disk, .pages = 128) : disk);
	unsigned bytes = key_is(pieces, "8k") ? 8192 : 65536;

	unikernel("disk-files",
		  job("serve", http,
		      http_files(files, .requests = CONNECTIONS, .piece_bytes = bytes)));
}
