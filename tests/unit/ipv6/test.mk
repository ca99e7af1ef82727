UNIT_TESTS       += ipv6
ipv6_test.modules := base net/eth net/ip net/neighbour net/ndp net/ipv6 net/icmpv6 net/udp \
                     net/ipv6/fragments net/fragments
ipv6_test.sources := $(addprefix tests/unit/ipv6/,main.c bench.c packets.c chain.c errors.c fragments.c \
                    addresses.c) tests/fakes/ipv6_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c tests/fakes/frames6.c
