MODULES               += drivers/irq/gicv3
drivers/irq/gicv3.sources  := gicv3.c
drivers/irq/gicv3.requires := base hal arch/include drivers/irq/gic
