MODULES                  += boards/microvm
boards/microvm.sources   := board.c clock.c devices.c entropy.c net.c
boards/microvm.requires  := arch/include base drivers/apic drivers/cmos_rtc drivers/uart16550 \
                            drivers/virtio drivers/virtio_net drivers/virtio_rng \
                            drivers/x86_timer hal
