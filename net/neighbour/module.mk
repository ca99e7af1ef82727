MODULES                += net/neighbour
net/neighbour.sources  := neighbour.c neighbour_counters.c
net/neighbour.requires := base hal net/eth
