MODULES                  += boards/soc/mps2
boards/soc/mps2.sources  := console.c init.c interrupts.c
boards/soc/mps2.requires := base hal arch/include drivers/irq/nvic drivers/timer/cmsdk_timer \
                            drivers/uart/cmsdk_uart
