/* SPDX-License-Identifier: ISC */
/*
 * The pins, and the green light.
 */
#include "boards/soc/bcm2711/bcm2711.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"
#include "hal/board.h"

struct gpio *board_gpio(void)
{
	static struct bcm2835_gpio pins;

	if (pins.gpio.ops == NULL)
		bcm2711_gpio_init(&pins, BCM2711_PERIPHERALS + RPI_GPIO, rpi_irq_chip(),
				  BCM2711_GPIO);
	return &pins.gpio;
}

const struct gpio_line *board_led(void)
{
	enum { LIGHT = 42 }; /* on all models */
	static struct gpio_line led = {.pin = LIGHT};

	led.gpio = board_gpio();
	return &led;
}
