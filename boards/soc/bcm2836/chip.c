/* SPDX-License-Identifier: ISC */
/*
 * What boards/soc/rpi asks of a chip.
 */
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "drivers/rng/bcm2835_rng/bcm2835_rng.h"

const struct rpi_chip rpi_chip = {
	.peripherals = BCM2836_PERIPHERALS,
	.devices = {BCM2836_PERIPHERALS, UINT32_MAX - BCM2836_PERIPHERALS},
	.uart_line = BCM2836_UART,
	.aux_line = BCM2836_AUX,
	.timer_line = BCM2836_TIMER_VIRTUAL,
};

struct rpi_firmware rpi_mailbox = RPI_MAILBOX_AT(BCM2836_PERIPHERALS);
struct pl011 rpi_pl011 = RPI_PL011_AT(BCM2836_PERIPHERALS);
struct uart16550 rpi_mini_uart = RPI_MINI_UART_AT(BCM2836_PERIPHERALS);

struct irq_chip *rpi_chip_irq(void)
{
	static struct bcm2836_irq controller;

	bcm2836_irq_init(&controller, BCM2836_ARMCTRL_BASE, BCM2836_LOCAL_BASE);
	return &controller.chip;
}

struct rng *rpi_chip_rng(void)
{
	static struct bcm2835_rng generator;

	return bcm2835_rng_init(&generator, BCM2836_RNG_BASE);
}
