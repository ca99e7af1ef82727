UNIT_TESTS       += ipv4
ipv4_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
ipv4_test.sources := tests/unit/ipv4/test_ipv4.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c
