MODULES                               += drivers/firmware/rpi_firmware
drivers/firmware/rpi_firmware.sources  := rpi_firmware.c
drivers/firmware/rpi_firmware.requires := base arch/include
