FUZZERS                += fragments
fragments_fuzz.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/ipv4/fragments net/fragments net/icmp net/udp
fragments_fuzz.sources := tests/fuzz/fuzz_fragments.c tests/fuzz/link.c tests/fuzz/echo.c tests/fakes/netif_fake.c
fragments_fuzz.flags   := -max_len=2048
