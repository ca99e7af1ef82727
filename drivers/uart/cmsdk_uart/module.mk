MODULES                         += drivers/uart/cmsdk_uart
drivers/uart/cmsdk_uart.sources  := cmsdk_uart.c
drivers/uart/cmsdk_uart.requires := base hal arch/include drivers/uart/polled
