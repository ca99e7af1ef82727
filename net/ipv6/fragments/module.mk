MODULES                     += net/ipv6/fragments
net/ipv6/fragments.sources  := ipv6_fragments.c
net/ipv6/fragments.requires := base hal net/fragments net/ip net/ipv6
