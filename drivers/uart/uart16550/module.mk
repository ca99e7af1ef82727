MODULES                     += drivers/uart/uart16550
drivers/uart/uart16550.sources   := uart16550.c
drivers/uart/uart16550.requires  := arch/include base hal
