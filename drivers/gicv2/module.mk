MODULES               += drivers/gicv2
drivers/gicv2.sources  := gicv2.c
drivers/gicv2.requires := base hal arch/include
