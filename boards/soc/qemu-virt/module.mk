MODULES                        += boards/soc/qemu-virt
boards/soc/qemu-virt.sources   := clock.c disk.c entropy.c flash.c init.c interrupts.c machine.c net.c virtio.c
boards/soc/qemu-virt.requires  := boards/common base hal arch/include boards/tree drivers/timer/arm_timer drivers/irq/gicv2 drivers/irq/gicv3 \
                                  drivers/uart/pl011 drivers/rtc/pl031 drivers/virtio drivers/net/virtio_net drivers/block/virtio_blk drivers/flash/cfi \
                                  drivers/rng/virtio_rng
