FUZZERS           += igmp
igmp_fuzz.modules := base net/eth net/neighbour net/arp net/group net/ip net/ipv4 net/igmp
igmp_fuzz.sources := tests/fuzz/fuzz_igmp.c tests/fuzz/groups.c tests/fuzz/link.c tests/fakes/netif_fake.c tests/fakes/frames.c
igmp_fuzz.flags   := -max_len=1024
