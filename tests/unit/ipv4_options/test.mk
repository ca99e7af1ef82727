UNIT_TESTS               += ipv4_options
ipv4_options_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
ipv4_options_test.sources := tests/unit/ipv4_options/test_options.c tests/fakes/net_rig.c \
                             tests/fakes/netif_fake.c tests/fakes/frames.c
