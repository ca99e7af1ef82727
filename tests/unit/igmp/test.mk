UNIT_TESTS        += igmp
igmp_test.modules := base net/eth net/neighbour net/arp net/group net/ip net/ipv4 net/icmp net/igmp
igmp_test.sources := $(addprefix tests/unit/igmp/,main.c bench.c versions.c messages.c) \
                     tests/fakes/net_rig.c tests/fakes/netif_fake.c tests/fakes/frames.c
