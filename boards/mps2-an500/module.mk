MODULES                    += boards/mps2-an500
boards/mps2-an500.sources  := board.c
boards/mps2-an500.requires := boards/soc/mps2 arch/include hal
