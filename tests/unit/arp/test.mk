UNIT_TESTS       += arp
arp_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
arp_test.sources := tests/unit/arp/test_arp.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c
