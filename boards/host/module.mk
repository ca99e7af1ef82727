MODULES              += boards/host
boards/host.sources  := board.c
boards/host.requires := boards/soc/linux hal
