MODULES                         += drivers/block/sunxi_mmc
drivers/block/sunxi_mmc.sources  := sunxi_mmc.c sunxi_mmc_transfer.c
drivers/block/sunxi_mmc.requires := base hal arch/include drivers/block/sd drivers/dma/dma_sync
