MODULES                            += drivers/uart/cadence_uart
drivers/uart/cadence_uart.sources  := cadence_uart.c
drivers/uart/cadence_uart.requires := base hal arch/include drivers/uart/polled
