MODULES                      += boards/soc/microvm
boards/soc/microvm.sources   := devices.c disk.c net.c virtio.c
boards/soc/microvm.requires  := arch/include base boards/common boards/soc/pc drivers/irq/apic drivers/virtio \
                                drivers/net/virtio_net drivers/block/virtio_blk hal
