MODULES              += boards/rpi4
boards/rpi4.sources  := board.c
boards/rpi4.requires := boards/soc/bcm2711 boards/soc/rpi arch/include hal
