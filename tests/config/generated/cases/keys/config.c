/* SPDX-License-Identifier: ISC */
/* Keys of all types, of the boot and of the build. */
#include <fata/config.h>

static job_t boot_job(void)
{
	return job("boot_keys", key_bool("flag", true, "a switch"),
		   key_int("whole", -9000000000, "a number", .min = INT64_MIN, .max = 9000000000),
		   key_u16("small", 7, "a small number", .max = 9),
		   key_u32("large", 7, "a large number", .min = 1, .max = 4294967295),
		   key_size("room", "64k", "bytes"), key_duration("pause", "10ms", "a time"),
		   key_string("text", "two words", "a text"),
		   key_enum("store", "tar", "embedded|tar|fat", "one of three"),
		   key_ipv4("router", "10.0.2.2", "an address"),
		   key_ipv4_prefix("net", "10.0.2.15/24", "a network"),
		   key_ipv4_port("peer", "10.0.2.2:7", "a service"),
		   key_ipv6("router6", "fd00::2", "an address"),
		   key_ipv6_prefix("net6", "fd00::1/64", "a network"),
		   key_ip("server", "fd00::53", "an address of either family"),
		   key_mac("station", "52:54:00:12:34:56", "a station"));
}

static job_t list_job(void)
{
	return job("list_keys", key_list("dns", "ipv4", 4, "10.0.2.3,10.0.2.4", "name servers"),
		   key_list("names", "string", 3, "", "some names"),
		   key_list("steps", "int", 8, "-1,2", "steps", .min = -5, .max = 5),
		   key_list("servers", "ip", 4, "10.0.2.3,fd00::53", "of either family"),
		   key_list("stations", "mac", 2, "52:54:00:12:34:56", "some stations"));
}

static job_t build_job(void)
{
	return job("build_keys", key_bool("tls", false, "whether to encrypt", .stage = BUILD_TIME),
		   key_u16("workers", 8, "how many fibers", .min = 1, .stage = BUILD_TIME),
		   key_string("title", "fixed", "a title", .stage = BUILD_TIME),
		   key_mac("card", "52:54:00:00:00:01", "a station", .stage = BUILD_TIME),
		   key_list("ports", "u16", 4, "80,443", "ports", .stage = BUILD_TIME),
		   key_list("titles", "string", 2, "one,two", "titles", .stage = BUILD_TIME));
}

void configure(void)
{
	unikernel("keys", boot_job(), list_job(), build_job());
}
