FUZZERS           += mdns
mdns_fuzz.modules := base net/udp net/mdns
mdns_fuzz.sources := tests/fuzz/fuzz_mdns.c tests/fuzz/udp.c net/dns/dns_name.c net/dns/dns_record.c
mdns_fuzz.flags   := -max_len=1500
