MODULES                      += boards/virt-aarch64
boards/virt-aarch64.sources  := board.c
boards/virt-aarch64.requires := boards/soc/qemu-virt arch/include hal
