/* SPDX-License-Identifier: ISC */
/* Everything that the network stack has, in one image. */
#include <fata/config.h>

void configure(void)
{
	capture_t capture = capture_over(default_netif());
	ip_t ip = dual_stack(captured(capture), .address = "10.0.2.15/24", .gateway = "10.0.2.2",
			     .fragments = 8, .groups = true, .link_local = true);
	udp_t udp = udp_over(ip);
	tcp_t tcp = tcp_over(ip, .keepalive_idle_s = 600, .recv_initial = 16384,
			     .recv_total = 1 << 20, .congestion_key = true);
	(void)dhcpv6_over(udp);
	resolver_t dns = dns_over(udp, tcp);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port, .connections = 42);
	mdns_t mdns = mdns_over(udp, .name = "web");

	(void)mdns_service(mdns, "_http._tcp", port);
	unikernel("whole", job("whole_start", http, websocket_over(http), metrics_page(), capture,
			       http_client_over(connect_over(tcp, dns)),
			       embedded_files("../../../../apps/web/htdocs", .gzip = true),
			       sntp_client(udp, dns), syslog_to(udp)));
}
