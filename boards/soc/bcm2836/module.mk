MODULES                      += boards/soc/bcm2836
boards/soc/bcm2836.sources   := atags.c card.c console.c entropy.c init.c interrupts.c net.c
boards/soc/bcm2836.requires  := base hal arch/include boards/tree drivers/timer/arm_timer drivers/irq/bcm2836_irq \
                                drivers/uart/pl011 drivers/uart/uart16550 drivers/firmware/rpi_firmware \
                                drivers/rng/bcm2835_rng drivers/watchdog/bcm2835_pm \
                                drivers/usb/dwc2 drivers/block/sd drivers/block/sdhci drivers/block/bcm2835_sdhost \
                                drivers/gpio/bcm2835_gpio drivers/net/cdc_ecm drivers/net/lan78xx drivers/net/lan95xx
