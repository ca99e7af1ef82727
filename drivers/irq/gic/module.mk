MODULES                  += drivers/irq/gic
drivers/irq/gic.sources  := gic_lines.c
drivers/irq/gic.requires := base hal arch/include
