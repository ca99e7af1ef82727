MODULES                 += net/link_local
net/link_local.sources  := link_local.c link_local_counters.c
net/link_local.requires := base hal net/arp net/dhcp net/eth net/ipv4
