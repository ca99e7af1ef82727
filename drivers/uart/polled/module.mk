MODULES                      += drivers/uart/polled
drivers/uart/polled.sources  := uart_polled.c
drivers/uart/polled.requires := base hal arch/include
