MODULES                  += boards/soc/rpi
boards/soc/rpi.sources   := console.c entropy.c init.c interrupts.c watchdog.c
boards/soc/rpi.requires  := boards/common base hal arch/include boards/tree drivers/timer/arm_timer drivers/uart/pl011 \
                            drivers/uart/uart16550 drivers/firmware/rpi_firmware drivers/watchdog/bcm2835_pm
