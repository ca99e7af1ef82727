FUZZERS          += eth
eth_fuzz.modules := base drivers/net/vnet net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp net/tcp
eth_fuzz.sources := tests/fuzz/fuzz_eth.c tests/fuzz/link.c tests/fuzz/echo.c tests/fakes/netif_fake.c
eth_fuzz.flags   := -max_len=16384
