MODULES                  += boards/virt-arm
boards/virt-arm.sources  := board.c
boards/virt-arm.requires := boards/soc/qemu-virt arch/include hal
