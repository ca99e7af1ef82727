MODULES                  += drivers/net/mac
drivers/net/mac.sources  := mac.c
drivers/net/mac.requires := base hal arch/include drivers/dma/dma_sync drivers/net/phy
