UNIT_TESTS       += udp
udp_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp
udp_test.sources := tests/unit/udp/test_udp.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c
