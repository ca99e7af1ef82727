MODULES          += net/eth
net/eth.sources  := eth.c eth_counters.c
net/eth.requires := base hal
net/eth.packet_path := eth.c
