MODULES                  += boards/soc/mps2
boards/soc/mps2.sources  := console.c entropy.c init.c interrupts.c net.c
boards/soc/mps2.requires := boards/common base hal arch/include drivers/irq/nvic drivers/net/lan9118 drivers/rng/image_seed \
                            drivers/timer/cmsdk_timer drivers/uart/cmsdk_uart
