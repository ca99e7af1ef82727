FUZZERS           += ipv6
ipv6_fuzz.modules := base net/eth net/ip net/neighbour net/ndp net/ipv6 net/icmpv6 net/udp \
                     net/ipv6/fragments net/fragments
ipv6_fuzz.sources := tests/fuzz/fuzz_ipv6.c tests/fuzz/link.c tests/fuzz/echo.c tests/fakes/netif_fake.c
ipv6_fuzz.flags   := -max_len=2048
