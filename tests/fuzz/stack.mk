FUZZERS            += stack
stack_fuzz.modules := base net/eth net/neighbour net/arp net/ipv4 net/icmp net/ip net/ndp net/ipv6 net/icmpv6 \
                      net/ipv4/fragments net/ipv6/fragments net/fragments net/multihome net/udp net/tcp
stack_fuzz.sources := tests/fuzz/fuzz_stack.c tests/fuzz/talk.c tests/fuzz/link.c tests/fuzz/echo.c \
                      tests/fakes/netif_fake.c tests/fakes/frames.c tests/fakes/frames6.c
stack_fuzz.flags   := -max_len=1024
