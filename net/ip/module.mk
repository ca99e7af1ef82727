MODULES         += net/ip
net/ip.sources  := icmp_core.c ip_bindings.c ipv6_addr.c ipv6_header.c
net/ip.requires := base hal
