MODULES                          += drivers/dma/bcm2835_dma
drivers/dma/bcm2835_dma.sources  := bcm2835_dma.c
drivers/dma/bcm2835_dma.requires := arch/include base hal
