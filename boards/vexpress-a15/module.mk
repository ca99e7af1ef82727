MODULES                      += boards/vexpress-a15
boards/vexpress-a15.sources  := board.c
boards/vexpress-a15.requires := boards/soc/vexpress arch/include hal
