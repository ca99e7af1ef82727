MODULES                        += boards/soc/qemu-virt
boards/soc/qemu-virt.sources   := clock.c entropy.c init.c machine.c machine_memory.c net.c
boards/soc/qemu-virt.requires  := base hal arch/include drivers/arm_timer drivers/gicv2 drivers/gicv3 \
                                  drivers/pl011 drivers/pl031 drivers/virtio drivers/virtio_net \
                                  drivers/virtio_rng
