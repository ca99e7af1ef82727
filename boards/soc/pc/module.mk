MODULES                += boards/soc/pc
boards/soc/pc.sources  := clock.c entropy.c init.c interrupts.c
boards/soc/pc.requires := boards/common arch/include base drivers/irq/apic drivers/rng/virtio_rng drivers/rtc/cmos_rtc \
                          drivers/timer/x86_timer drivers/uart/uart16550 drivers/virtio hal
