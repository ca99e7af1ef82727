UNIT_TESTS               += ipv4_groups
ipv4_groups_test.modules := base net/eth net/neighbour net/arp net/group net/ip net/ipv4 net/icmp net/udp
ipv4_groups_test.sources := tests/unit/ipv4_groups/test_ipv4_groups.c tests/fakes/net_rig.c \
                            tests/fakes/netif_fake.c tests/fakes/frames.c
