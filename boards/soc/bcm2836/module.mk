MODULES                      += boards/soc/bcm2836
boards/soc/bcm2836.sources   := card.c chip.c net.c
boards/soc/bcm2836.requires  := base hal arch/include boards/soc/rpi boards/tree drivers/irq/bcm2836_irq \
                                drivers/firmware/rpi_firmware drivers/rng/bcm2835_rng drivers/uart/pl011 \
                                drivers/uart/uart16550 drivers/usb/dwc2 drivers/block/sd drivers/block/sdhci \
                                drivers/block/bcm2835_sdhost drivers/gpio/bcm2835_gpio drivers/net/cdc_ecm \
                                drivers/net/lan78xx drivers/net/lan95xx
