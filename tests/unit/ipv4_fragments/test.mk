UNIT_TESTS                  += ipv4_fragments
ipv4_fragments_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/ipv4/fragments net/fragments net/icmp
ipv4_fragments_test.sources := $(addprefix tests/unit/ipv4_fragments/,main.c bench.c whole.c \
                                 attacks.c bounds.c) \
                               $(addprefix tests/fakes/,net_rig.c netif_fake.c frames.c)
