MODULES          += net/udp
net/udp.sources  := udp.c
net/udp.requires := base hal net/ip
