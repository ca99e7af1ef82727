FUZZERS           += dhcp
dhcp_fuzz.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp net/dhcp
dhcp_fuzz.sources := tests/fuzz/fuzz_dhcp.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                     tests/fakes/frames.c
dhcp_fuzz.flags   := -max_len=2048
