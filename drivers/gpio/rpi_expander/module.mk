MODULES                            += drivers/gpio/rpi_expander
drivers/gpio/rpi_expander.sources  := rpi_expander.c
drivers/gpio/rpi_expander.requires := base drivers/firmware/rpi_firmware hal
