MODULES                    += boards/mps2-an385
boards/mps2-an385.sources  := board.c
boards/mps2-an385.requires := boards/soc/mps2 arch/include hal
