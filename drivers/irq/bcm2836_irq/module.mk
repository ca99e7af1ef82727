MODULES                            += drivers/irq/bcm2836_irq
drivers/irq/bcm2836_irq.sources    := bcm2836_irq.c
drivers/irq/bcm2836_irq.requires   := base hal arch/include
