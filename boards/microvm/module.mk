MODULES                  += boards/microvm
boards/microvm.sources   := board.c devices.c net.c virtio.c
boards/microvm.requires  := arch/include base boards/soc/pc drivers/irq/apic drivers/virtio drivers/net/virtio_net hal
