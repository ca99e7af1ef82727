MODULES             += net/dhcpv6
net/dhcpv6.sources  := dhcpv6.c dhcpv6_msg.c
net/dhcpv6.requires := base hal net/ip net/udp
