MODULES               += drivers/gicv3
drivers/gicv3.sources  := gicv3.c
drivers/gicv3.requires := base hal arch/include
