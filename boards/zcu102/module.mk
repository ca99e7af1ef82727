MODULES                += boards/zcu102
boards/zcu102.sources  := board.c
boards/zcu102.requires := boards/soc/zynqmp drivers/net/phy arch/include hal
