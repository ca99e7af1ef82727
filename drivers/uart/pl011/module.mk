MODULES               += drivers/uart/pl011
drivers/uart/pl011.sources  := pl011.c
drivers/uart/pl011.requires := base hal arch/include drivers/uart/polled
