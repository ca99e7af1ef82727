MODULES                    += boards/mps2-an386
boards/mps2-an386.sources  := board.c
boards/mps2-an386.requires := boards/soc/mps2 arch/include hal
