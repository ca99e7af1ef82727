MODULES                     += net/ipv4/fragments
net/ipv4/fragments.sources  := ipv4_fragments.c
net/ipv4/fragments.requires := base hal net/fragments net/ip net/ipv4
