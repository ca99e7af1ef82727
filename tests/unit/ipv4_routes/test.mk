UNIT_TESTS               += ipv4_routes
ipv4_routes_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp
ipv4_routes_test.sources := tests/unit/ipv4_routes/test_ipv4_routes.c tests/fakes/net_rig.c \
                            tests/fakes/netif_fake.c tests/fakes/frames.c
