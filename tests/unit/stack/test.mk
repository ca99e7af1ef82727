UNIT_TESTS       += stack
stack_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/udp
stack_test.sources := tests/unit/stack/test_stack.c tests/fakes/net_rig.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c
