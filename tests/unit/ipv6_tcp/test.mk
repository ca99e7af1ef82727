UNIT_TESTS           += ipv6_tcp
ipv6_tcp_test.modules := base net/eth net/ip net/neighbour net/ndp net/ipv6 net/icmpv6 net/tcp
ipv6_tcp_test.sources := tests/unit/ipv6_tcp/test_ipv6_tcp.c tests/fakes/ipv6_rig.c \
                         tests/fakes/netif_fake.c tests/fakes/frames.c tests/fakes/frames6.c
