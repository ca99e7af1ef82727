MODULES           += net/icmp
net/icmp.sources  := icmp.c icmp_quote.c icmp_counters.c
net/icmp.requires := base hal net/ip net/ipv4
