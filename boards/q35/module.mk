MODULES             += boards/q35
boards/q35.sources  := board.c
boards/q35.requires := arch/include arch/x86_64/loaders base boards/soc/pc boards/soc/pc-pci hal
