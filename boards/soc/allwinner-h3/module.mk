MODULES                          += boards/soc/allwinner-h3
boards/soc/allwinner-h3.sources  := card.c clocks.c console.c init.c interrupts.c net.c watchdog.c
boards/soc/allwinner-h3.requires := boards/common arch/include base boards/tree boards/tree/entropy drivers/block/sd \
                                    drivers/block/sunxi_mmc drivers/irq/gicv2 drivers/net/sun8i_emac \
                                    drivers/timer/arm_timer drivers/uart/uart16550 drivers/watchdog/sunxi_watchdog hal
