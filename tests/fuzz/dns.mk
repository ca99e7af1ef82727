FUZZERS          += dns
dns_fuzz.modules := base net/udp net/dns
dns_fuzz.sources := tests/fuzz/fuzz_dns.c tests/fuzz/udp.c
dns_fuzz.flags   := -max_len=1400
