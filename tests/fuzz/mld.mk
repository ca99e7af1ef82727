FUZZERS          += mld
mld_fuzz.modules := base net/eth net/group net/ip net/neighbour net/ndp net/ipv6 net/icmpv6 net/mld
mld_fuzz.sources := tests/fuzz/fuzz_mld.c tests/fuzz/groups.c tests/fuzz/link.c tests/fakes/netif_fake.c \
                    tests/fakes/frames.c tests/fakes/frames6.c
mld_fuzz.flags   := -max_len=1024
