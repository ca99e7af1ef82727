MODULES              += boards/rpi3
boards/rpi3.sources  := board.c
boards/rpi3.requires := boards/soc/bcm2836 boards/soc/rpi arch/include hal
