MODULES                      += boards/soc/bcm2711
boards/soc/bcm2711.sources   := card.c chip.c gpio.c net.c
boards/soc/bcm2711.requires  := boards/common base hal arch/include boards/soc/rpi boards/tree drivers/irq/gicv2 drivers/gpio/bcm2835_gpio \
                                drivers/firmware/rpi_firmware drivers/rng/iproc_rng200 \
                                drivers/uart/pl011 drivers/uart/uart16550 drivers/block/sd drivers/block/sdhci drivers/net/genet \
                                drivers/timer/arm_timer
