MODULES                  += drivers/net/phy
drivers/net/phy.sources  := dp83867.c phy.c phy_link.c
drivers/net/phy.requires := base hal
