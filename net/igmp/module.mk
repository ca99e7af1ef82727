MODULES           += net/igmp
net/igmp.sources  := igmp.c igmp_counters.c
net/igmp.requires := base hal net/eth net/group net/ip net/ipv4
