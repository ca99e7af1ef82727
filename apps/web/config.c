/* SPDX-License-Identifier: ISC */
/*
 * A web server with a page about itself, over IPv4 and IPv6, and all that the network stack has:
 * it is known as web.local, tells Prometheus what it counts, and keeps the last frames. Built with
 * another --files= it serves the files of a disk, too: an archive, a FAT volume or a log-structured
 * store, of which an image has but one: make run KEYS=--files=fat DISK=dir:apps/web/htdocs. With
 * --report-to=URL it tells a collector how it is doing.
 */
#include <fata/config.h>

/* In 2 MiB with everything else: 64 connections at once, 16 that have become WebSockets, eight that
 * somebody else gets in by when those are taken, and two of our own, by either family. */
enum { CONNECTIONS = 64, WEBSOCKETS = 16, SPARE = 8, OWN = 2 };

static ip_t network(capture_t capture)
{
	return dual_stack(captured(capture), .address = "10.0.2.15/24", .gateway = "10.0.2.2",
			  .fragments = 8, .large_datagrams = 0, .groups = true, .link_local = true);
}

static tcp_t transport(ip_t ip)
{
	return tcp_over(ip, .connections = CONNECTIONS + WEBSOCKETS + SPARE + OWN, .time_wait = 256,
			.listeners = 1, .send_bytes = 128 * 1024, .recv_bytes = 64 * 1024,
			.recv_packets = 32, .recv_initial = 16 * 1024, .recv_total = 256 * 1024,
			.keepalive_idle_s = 600, .congestion_key = true);
}

/*
 * In 6 MiB: what goes past the cache is fast. Of the connections some are left, so that somebody
 * else can get in when those who have all the room have stalled.
 */
#define DISK_FILES .requests = 48, .piece_bytes = 65536

/* To read and, with --uploads, to change; but an archive to read. */
static http_files_t files_of_disk(key files)
{
	disk_t disk = cached(disk_over(default_block()), .pages = 128);

	if (key_is(files, "tar"))
		return http_files(tar_files(disk, .files = 1024), DISK_FILES);
	key uploads = key_bool("uploads", false, "anybody may change files by PUT and DELETE");
	key largest = key_size("upload-max", "16M", "size of an upload, at most");
	if (key_is(files, "kv"))
		return http_uploads(log_store(flash_over(disk), .keys = 1024), uploads, largest,
				    DISK_FILES);
	return http_uploads(fat_volume(disk), uploads, largest, DISK_FILES);
}

void configure(void)
{
	key files = key_enum("files", "embedded", "embedded|tar|fat|kv", "where the files are",
			     .stage = BUILD_TIME);
	bool embedded = key_is(files, "embedded");
	key report_to = key_string("report-to", "", "URL that status.json is posted to, or none");
	key report_every = key_u16("report-every", 60, "seconds between two reports", .min = 1);
	capture_t capture =
		capture_over(default_netif(), .ring_bytes = 32 * 1024, .snap_bytes = 128);
	ip_t ip = network(capture);
	udp_t udp = udp_over(ip);
	(void)dhcpv6_over(udp);
	tcp_t tcp = transport(ip);
	resolver_t dns = dns_over(udp, tcp, .cache_entries = 8);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	key share = key_bool("capture", false, "anybody gets the last frames");
	/* Only uploads have bodies that are read; how long one may be says --upload-max. */
	http_t http = http_over(tcp, port, .connections = CONNECTIONS, .bodies = !embedded,
				.body_bytes_max = embedded ? "1 << 20" : "UINT64_MAX");
	http_client_t client = http_client_over(connect_over(tcp, dns, .requests = 1),
						.connections = 1, .header_bytes = 1024,
						.redirects = 5);
	mdns_t mdns = mdns_over(udp, .name = "web");

	(void)mdns_service(mdns, "_http._tcp", port);
	if (embedded)
		no_malloc(); /* all memory is taken at the start */

/* What the jobs have in common. */
#define ABOUT_IMAGE                                                                                \
	http, embedded_files("htdocs", .gzip = true),                                              \
		websocket_over(http, .connections = WEBSOCKETS), metrics_page(), capture, share,   \
		sntp_client(udp, dns), syslog_to(udp), client, report_to, report_every
	unikernel("web", embedded ? job("web_start", ABOUT_IMAGE)
				  : job("web_start_with_files", ABOUT_IMAGE, files_of_disk(files)));
}
