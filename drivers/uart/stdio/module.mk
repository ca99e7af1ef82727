MODULES                     += drivers/uart/stdio
drivers/uart/stdio.sources  := stdio_uart.c
drivers/uart/stdio.requires := base hal arch/include arch/host drivers/irq/epoll
