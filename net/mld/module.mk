MODULES          += net/mld
net/mld.sources  := mld.c mld_counters.c
net/mld.requires := base hal net/eth net/group net/icmpv6 net/ip net/ipv6 net/ndp
