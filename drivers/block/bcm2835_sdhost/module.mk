MODULES                               += drivers/block/bcm2835_sdhost
drivers/block/bcm2835_sdhost.sources  := bcm2835_sdhost.c bcm2835_sdhost_transfer.c
drivers/block/bcm2835_sdhost.requires := arch/include base drivers/block/sd drivers/dma/bcm2835_dma hal
