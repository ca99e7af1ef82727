UNIT_TESTS                  += ipv4_fragmenter
ipv4_fragmenter_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/ipv4/fragments net/fragments net/icmp net/udp
ipv4_fragmenter_test.sources := tests/unit/ipv4_fragmenter/test_fragmenter.c tests/fakes/net_rig.c \
                               tests/fakes/netif_fake.c tests/fakes/frames.c
