/* SPDX-License-Identifier: ISC */
/*
 * What boards/soc/rpi asks of a chip.
 */
#include "boards/soc/bcm2711/bcm2711.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/rng/iproc_rng200/iproc_rng200.h"

const struct rpi_chip rpi_chip = {
	.peripherals = BCM2711_PERIPHERALS,
	.devices = {BCM2711_DEVICES, BCM2711_DEVICES_BYTES},
	.uart_line = BCM2711_UART,
	.aux_line = BCM2711_AUX,
	.timer_line = BCM2711_TIMER_VIRTUAL,
	.optional = "brcm,bcm2711-rng200\0"
		    "brcm,bcm2711-genet-v5\0",
};

struct rpi_firmware rpi_mailbox = RPI_MAILBOX_AT(BCM2711_PERIPHERALS);
struct pl011 rpi_pl011 = RPI_PL011_AT(BCM2711_PERIPHERALS);
struct uart16550 rpi_mini_uart = RPI_MINI_UART_AT(BCM2711_PERIPHERALS);

struct irq_chip *rpi_chip_irq(void)
{
	static struct gicv2 gic;
	static struct irq_line lines[BCM2711_LINES];

	if (gicv2_init(&gic, BCM2711_GIC_DISTRIBUTOR, BCM2711_GIC_CPU, lines, BCM2711_LINES) != OK)
		return NULL;
	return &gic.chip;
}

struct rng *rpi_chip_rng(void)
{
	static struct iproc_rng200 generator;

	return rpi_has(BCM2711_HAS_RNG200) ? iproc_rng200_init(&generator, BCM2711_RNG_BASE) : NULL;
}
