/* SPDX-License-Identifier: ISC */
/* Logs what it is asked to over UDP: what the tests of syslog boot. */
#include <fata/config.h>

void configure(void)
{
	udp_t udp = udp_over(static_ipv4(default_netif()));

	(void)syslog_to(udp, .app_name = "logger", .lines = 16, .level = "LOG_DEBUG");
	unikernel("syslog", job("log_what_comes", udp));
}
