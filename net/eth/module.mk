MODULES          += net/eth
net/eth.sources  := eth.c eth_counters.c eth_group.c
net/eth.requires := base hal
