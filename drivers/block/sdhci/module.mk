MODULES                      += drivers/block/sdhci
drivers/block/sdhci.sources  := sdhci.c sdhci_transfer.c
drivers/block/sdhci.requires := arch/include base drivers/block/sd hal
