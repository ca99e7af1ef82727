UNIT_TESTS       += dhcp
dhcp_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp net/dhcp
dhcp_test.sources := $(addprefix tests/unit/dhcp/,main.c bench.c leases.c renewing.c options.c) \
                    tests/fakes/net_rig.c tests/fakes/netif_fake.c tests/fakes/frames.c
