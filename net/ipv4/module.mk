MODULES           += net/ipv4
net/ipv4.sources  := ipv4.c ipv4_header.c
net/ipv4.requires := base hal net/arp net/eth net/ip
