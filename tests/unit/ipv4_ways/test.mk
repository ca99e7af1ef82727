UNIT_TESTS             += ipv4_ways
ipv4_ways_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
ipv4_ways_test.sources := tests/unit/ipv4_ways/test_ipv4_ways.c tests/fakes/net_rig.c \
                          tests/fakes/netif_fake.c tests/fakes/frames.c
