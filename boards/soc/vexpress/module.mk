MODULES                      += boards/soc/vexpress
boards/soc/vexpress.sources  := card.c clock.c flash.c init.c interrupts.c net.c
boards/soc/vexpress.requires := boards/common arch/include base boards/tree boards/tree/entropy drivers/block/pl181 \
                                drivers/block/sd drivers/flash/cfi drivers/irq/gicv2 drivers/net/lan9118 \
                                drivers/rtc/pl031 drivers/timer/arm_timer drivers/uart/pl011 hal
