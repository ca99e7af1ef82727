MODULES                     += boards/soc/zynqmp
boards/soc/zynqmp.sources   := card.c console.c init.c interrupts.c net.c
boards/soc/zynqmp.requires  := boards/common base hal arch/include boards/tree boards/tree/entropy drivers/timer/arm_timer drivers/irq/gicv2 \
                               drivers/uart/cadence_uart drivers/block/sd drivers/block/sdhci \
                               drivers/net/gem drivers/net/phy
