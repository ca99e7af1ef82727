/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key port = key_u16("port", 70000, "port to serve on");
	key low = key_u16("low-port", 80, "another port", .min = 1024);
	key ip = key_ipv4("ip", "10.0.2", "address");
	key time = key_duration("time", "3 days", "time to wait");
	key mode = key_enum("mode", "slow", "fast|faster", "how to work");
	key dns = key_list("dns", "ipv4", 2, "1.1.1.1,9.9.9", "name servers");
	key more = key_list("more", "ipv4", 1, "1.1.1.1,9.9.9.9", "more servers");
	key on = key_of("bool", "on", "maybe", "whether to");
	key level = key_int("level", -11, "level", .min = -10, .max = 10);

	unikernel("app", job("app_start", port, low, ip, time, mode, dns, more, on, level));
}
