MODULES               += drivers/irq/gicv2
drivers/irq/gicv2.sources  := gicv2.c
drivers/irq/gicv2.requires := base hal arch/include drivers/irq/gic
