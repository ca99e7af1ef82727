MODULES              += net/ipv4
net/ipv4.sources     := ipv4.c ipv4_address.c ipv4_counters.c ipv4_header.c ipv4_options.c \
                        router_alert.c routes.c
net/ipv4.requires    := base hal net/arp net/eth net/ip
