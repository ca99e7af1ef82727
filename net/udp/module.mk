MODULES          += net/udp
net/udp.sources  := udp.c udp_counters.c
net/udp.requires := base hal net/ip
