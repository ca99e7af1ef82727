/* SPDX-License-Identifier: ISC */
/*
 * What the pins of the BCM2835, BCM2836 and BCM2837 are for (BCM2835 ARM Peripherals, chapter 6).
 *
 * No state but the device's. `base` is where its registers (180 bytes) lie; `first` to `last` are
 * the numbers of the pins, both included, 0 to 53. Start-up and event loop only.
 */
#ifndef DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_H
#define DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_H

#include <stdint.h>

enum { BCM2835_PINS = 54 };

/* As the registers count them. Which alternative is what, of each pin, is in table 6-31. */
enum bcm2835_function {
	BCM2835_INPUT,
	BCM2835_OUTPUT,
	BCM2835_ALT5,
	BCM2835_ALT4,
	BCM2835_ALT0,
	BCM2835_ALT1,
	BCM2835_ALT2,
	BCM2835_ALT3,
};

void bcm2835_gpio_set_function(uintptr_t base, unsigned first, unsigned last,
			       enum bcm2835_function function);

/* Resistors in the chip, of 50 kOhm or so. */
enum bcm2835_pull { BCM2835_PULL_NONE, BCM2835_PULL_DOWN, BCM2835_PULL_UP };

void bcm2835_gpio_set_pulls(uintptr_t base, unsigned first, unsigned last, enum bcm2835_pull pull);

#endif
