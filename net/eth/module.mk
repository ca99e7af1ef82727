MODULES          += net/eth
net/eth.sources  := eth.c
net/eth.requires := base hal
