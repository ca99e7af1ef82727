MODULES                     += boards/orangepi-pc
boards/orangepi-pc.sources  := board.c
boards/orangepi-pc.requires := boards/soc/allwinner-h3 arch/include hal
