UNIT_TESTS             += link_local
link_local_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp net/dhcp \
                           net/link_local
link_local_test.sources := $(addprefix tests/unit/link_local/,bench.c claiming.c conflicts.c \
                             leases.c main.c) \
                           tests/fakes/net_rig.c tests/fakes/netif_fake.c tests/fakes/frames.c
