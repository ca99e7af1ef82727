MODULES          += net/ndp
net/ndp.sources  := address.c dad.c ndp.c ndp_counters.c ndp_msg.c redirect.c resolve.c router.c \
                    servers.c slaac.c solicit.c source.c
net/ndp.requires := base hal net/eth net/ip net/neighbour
