MODULES                  += drivers/net/gem
drivers/net/gem.sources  := gem.c gem_mac.c gem_phy.c gem_rx.c gem_tx.c
drivers/net/gem.requires := base hal arch/include drivers/dma/dma_sync drivers/net/mac drivers/net/phy
