MODULES          += net/arp
net/arp.sources  := arp.c arp_msg.c arp_counters.c
net/arp.requires := base hal net/eth net/neighbour
