MODULES                  += drivers/net/phy
drivers/net/phy.sources  := phy.c phy_link.c
drivers/net/phy.requires := base hal
