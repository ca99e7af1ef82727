MODULES            += net/stack
net/stack.sources  := stack.c
net/stack.requires := base hal net/arp net/eth net/icmp net/ipv4
