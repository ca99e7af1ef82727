/* SPDX-License-Identifier: ISC */
/*
 * The pins that the Raspberry Pi's firmware has on a chip of its own, as struct gpio: eight, of
 * which the LED of the 3 B is number 2. Each call is a question or two to the firmware. They cannot
 * be watched.
 */
#ifndef DRIVERS_GPIO_RPI_EXPANDER_RPI_EXPANDER_H
#define DRIVERS_GPIO_RPI_EXPANDER_RPI_EXPANDER_H

#include "drivers/firmware/rpi_firmware/rpi_firmware.h"
#include "hal/gpio.h"

struct rpi_expander {
	struct gpio gpio;
	struct rpi_firmware *firmware;
};

/* Touches no pin. Both belong to the caller. */
struct gpio *rpi_expander_init(struct rpi_expander *x, struct rpi_firmware *firmware);

#endif
