/* SPDX-License-Identifier: ISC */
/* A web server for a microcontroller: an address from DHCP, eight connections, eight packets. */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_console_input();
	brief_faults();
	brief_log();
	no_counters();
	/* Where code is in flash memory; that of other boards is in memory, too. */
	const bool is_micro = is_arch("armv7m");
	if (is_micro)
		memory_limit(19 << 10);
	netif_t net = default_netif(.rx_packets = 4, .mtu = is_micro ? 576 : 0,
				    .rx_bytes = is_micro ? 600 : 2048);
	ip_t ip =
		dhcp_ipv4(net, .minimal = true, .ethernet.tx_packets = 4, .ethernet.tx_bytes = 256);
	tcp_t tcp = tcp_over(ip, .connections = 8, .half_open = 4, .time_wait = 2, .listeners = 1,
			     .repairs = 1, .send_slices = 12, .send_bytes = 4096,
			     .recv_bytes = 1072, .recv_packets = 2, .cookies = false, .sack = false,
			     .congestion = "newreno", .ecn = "off", .mtu_probing = false,
			     .timestamps = false, .reassembly = false, .prediction = false,
			     .connect = false);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port, .header_buffers = 1, .header_bytes = 1024, .kept = 2,
				.kept_bytes = 320, .variants = false, .bodies = false,
				.sources = false, .conditions = false, .date = false,
				.reasons = false);

	job_t serve = job("serve", http, embedded_files("htdocs"));
	unikernel("small", is_micro ? with_stack(serve, 1280) : serve);
}
