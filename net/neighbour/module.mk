MODULES                += net/neighbour
net/neighbour.sources  := neighbour.c
net/neighbour.requires := base hal net/eth
