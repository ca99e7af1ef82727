/* SPDX-License-Identifier: ISC */
/*
 * A web server of files that are in the image or on a disk: an archive, a FAT volume, or a
 * log-structured store. Which, is chosen when it is built, so that an image has but one:
 * make run APP=files DISK=dir:htdocs, make run APP=files KEYS=--files=tar DISK=tar:htdocs.
 */
#include <fata/config.h>

static http_t server(void)
{
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	tcp_t tcp = tcp_over(
		dual_stack(default_netif(), .address = "10.0.2.15/24", .gateway = "10.0.2.2"),
		.connections = 64);

	return http_over(tcp, port, .body_bytes_max = "UINT64_MAX");
}

/* To read and, with --uploads, to change. */
static job_t writable(http_t http, kv_rw_t store)
{
	key uploads = key_bool("uploads", false, "whoever asks may change files by PUT and DELETE");

	return job("serve_store", http, http_files(), store, uploads);
}

void configure(void)
{
	key files = key_enum("files", "fat", "embedded|fat|tar|kv", "where the files are",
			     .stage = BUILD_TIME);
	http_t http = server();
	job_t serve;

	if (key_is(files, "embedded")) {
		serve = job("serve_embedded", http, embedded_files("htdocs", .gzip = true));
	} else {
		disk_t disk = disk_over(default_block());
		if (key_is(files, "tar"))
			serve = job("serve_files", http, http_files(),
				    tar_files(disk, .files = 1024));
		else if (key_is(files, "kv"))
			serve = writable(http, log_store(flash_over(disk), .keys = 1024));
		else
			serve = writable(http, fat_volume(disk));
	}
	unikernel("files", serve);
}
