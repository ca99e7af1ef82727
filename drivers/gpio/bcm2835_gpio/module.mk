MODULES                            += drivers/gpio/bcm2835_gpio
drivers/gpio/bcm2835_gpio.sources  := bcm2835_gpio.c
drivers/gpio/bcm2835_gpio.requires := arch/include base hal
