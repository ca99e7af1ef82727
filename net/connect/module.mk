MODULES              += net/connect
net/connect.sources  := connect.c connect_counters.c connect_order.c
net/connect.requires := net/tcp net/ip base hal
