MODULES               += drivers/pl011
drivers/pl011.sources  := pl011.c
drivers/pl011.requires := base hal arch/include
