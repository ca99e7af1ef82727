MODULES          += net/eth
net/eth.sources  := eth.c eth_counters.c
net/eth.requires := base hal
