UNIT_TESTS               += ipv4_address
ipv4_address_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
ipv4_address_test.sources := tests/unit/ipv4_address/test_ipv4_address.c tests/fakes/net_rig.c \
                            tests/fakes/netif_fake.c tests/fakes/frames.c
