FUZZERS             += dhcpv6
dhcpv6_fuzz.modules := base
dhcpv6_fuzz.sources := tests/fuzz/fuzz_dhcpv6.c net/dhcpv6/dhcpv6_msg.c
dhcpv6_fuzz.flags   := -max_len=1400
