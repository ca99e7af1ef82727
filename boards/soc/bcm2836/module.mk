MODULES                     += boards/soc/bcm2836
boards/soc/bcm2836.sources  := card.c chip.c gpio.c net.c
boards/soc/bcm2836.requires := boards/common arch/include base boards/soc/rpi boards/tree \
                               drivers/block/bcm2835_sdhost drivers/block/sd drivers/block/sdhci \
                               drivers/firmware/rpi_firmware drivers/gpio/bcm2835_gpio \
                               drivers/gpio/rpi_expander drivers/irq/bcm2836_irq \
                               drivers/net/cdc_ecm drivers/net/lan78xx drivers/net/lan95xx \
                               drivers/rng/bcm2835_rng drivers/uart/pl011 drivers/uart/uart16550 \
                               drivers/usb/dwc2 hal
