MODULES                += net/multihome
net/multihome.sources  := multihome.c
net/multihome.requires := base hal net/ip
