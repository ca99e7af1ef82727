UNIT_TESTS      += ndp
ndp_test.modules := base net/eth net/ip net/neighbour net/ndp net/ipv6 net/icmpv6
ndp_test.sources := $(addprefix tests/unit/ndp/,main.c bench.c addresses.c neighbours.c routers.c \
                    redirects.c servers.c) tests/fakes/ipv6_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c tests/fakes/frames6.c
