MODULES                 += boards/microvm
boards/microvm.sources  := board.c
boards/microvm.requires := arch/include base boards/soc/microvm boards/soc/pc hal
