MODULES             += net/icmpv6
net/icmpv6.sources  := icmpv6.c icmpv6_counters.c icmpv6_quote.c
net/icmpv6.requires := base hal net/eth net/ip net/ipv6 net/ndp
