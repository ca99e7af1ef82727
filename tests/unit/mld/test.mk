UNIT_TESTS       += mld
mld_test.modules := base net/eth net/group net/ip net/neighbour net/ndp net/ipv6 net/icmpv6 net/mld
mld_test.sources := tests/unit/mld/test_mld.c tests/fakes/ipv6_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c tests/fakes/frames6.c
