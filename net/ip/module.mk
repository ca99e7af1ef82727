MODULES         += net/ip
net/ip.sources  := ipv6_addr.c ipv6_header.c
net/ip.requires := base
