MODULES                   += drivers/irq/nvic
drivers/irq/nvic.sources  := nvic.c
drivers/irq/nvic.requires := base hal arch/include
