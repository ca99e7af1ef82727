MODULES           += net/ipv6
net/ipv6.sources  := ipv6.c ipv6_chain.c ipv6_counters.c
net/ipv6.requires := base hal net/eth net/ip net/ndp
