MODULES                    += drivers/net/genet
drivers/net/genet.sources  := genet.c genet_mac.c genet_phy.c genet_rx.c genet_tx.c
drivers/net/genet.requires := base hal arch/include drivers/dma/dma_sync drivers/net/mac drivers/net/phy
