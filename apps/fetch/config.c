/* SPDX-License-Identifier: ISC */
/* an HTTP client: fetches a URL, or sends a body to it, tells what came back and ends */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .dhcp = false);
	tcp_t tcp = tcp_over(ip, .connections = 8);
	resolver_t dns = dns_over(udp_over(ip), tcp, .servers = "10.0.2.3");
	http_client_t client = http_client_over(connect_over(tcp, dns));
	key url = key_string("url", "http://10.0.2.2/", "what to fetch");
	key method =
		key_enum("method", "GET", "GET|HEAD|POST|PUT|DELETE|PATCH", "how to ask for it");
	key send = key_size("send", "0", "bytes of body to send, a pattern");
	key chunked = key_bool("chunked", false, "send it without saying how much it is");
	key times = key_u16("times", 1, "times to do that", .min = 1);
	key show = key_bool("show", false, "print the body");

	unikernel("fetch", job("fetch", client, url, method, send, chunked, times, show));
}
