MODULES           += net/dhcp
net/dhcp.sources  := dhcp.c dhcp_emit.c dhcp_lease.c dhcp_parse.c dhcp_counters.c
net/dhcp.requires := base hal net/arp net/eth net/ip net/ipv4 net/udp
