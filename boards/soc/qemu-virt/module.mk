MODULES                        += boards/soc/qemu-virt
boards/soc/qemu-virt.sources   := clock.c entropy.c init.c interrupts.c machine.c net.c
boards/soc/qemu-virt.requires  := base hal arch/include boards/tree drivers/timer/arm_timer drivers/irq/gicv2 drivers/irq/gicv3 \
                                  drivers/uart/pl011 drivers/rtc/pl031 drivers/virtio drivers/net/virtio_net \
                                  drivers/rng/virtio_rng
