MODULES              += apps/common
apps/common.sources  := wiring.c
apps/common.requires := base hal runtime runtime/heap runtime/loop runtime/random \
                        net/arp net/eth net/icmp net/ipv4 net/stack net/tcp
