MODULES                  += boards/microvm
boards/microvm.sources   := board.c clock.c devices.c entropy.c interrupts.c net.c virtio.c
boards/microvm.requires  := arch/include base drivers/irq/apic drivers/rtc/cmos_rtc drivers/uart/uart16550 \
                            drivers/virtio drivers/net/virtio_net drivers/rng/virtio_rng \
                            drivers/timer/x86_timer hal
