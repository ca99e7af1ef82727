MODULES                += boards/common
boards/common.sources  := complain.c interrupt.c
boards/common.requires := base hal arch/include
