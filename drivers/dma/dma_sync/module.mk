MODULES                       += drivers/dma/dma_sync
drivers/dma/dma_sync.sources  := dma_sync_check.c
drivers/dma/dma_sync.requires := base arch/include
