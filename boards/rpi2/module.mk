MODULES              += boards/rpi2
boards/rpi2.sources  := board.c
boards/rpi2.requires := boards/soc/bcm2836 boards/soc/rpi arch/include hal
