UNIT_TESTS       += icmp
icmp_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp
icmp_test.sources := tests/unit/icmp/test_icmp.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c
