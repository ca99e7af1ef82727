MODULES                   += drivers/net/vnet
drivers/net/vnet.sources  := vnet.c
drivers/net/vnet.requires := base hal
