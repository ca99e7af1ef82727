/* SPDX-License-Identifier: ISC */
/*
 * The pins of the BCM2835, BCM2836 and BCM2837 (BCM2835 ARM Peripherals, chapter 6), and of the
 * BCM2711, which has other pulls (BCM2711 ARM Peripherals, chapter 5): what boards say of them,
 * which needs no state but the device's, and struct gpio for everybody else.
 *
 * `base` is where the registers (180 bytes; of the BCM2711 244) lie; `first` to `last` are the
 * numbers of pins, both included, 0 to 53. Start-up and event loop only.
 */
#ifndef DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_H
#define DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/gpio.h"
#include "hal/irq.h"

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
void bcm2711_gpio_set_pulls(uintptr_t base, unsigned first, unsigned last, enum bcm2835_pull pull);

struct bcm2835_gpio {
	struct gpio gpio;
	uintptr_t base;
	void (*set_pulls)(uintptr_t base, unsigned first, unsigned last, enum bcm2835_pull pull);
	struct irq_chip *irq;
	uint32_t line;
	bool attached;
	struct waker wakers[BCM2835_PINS];
};

/*
 * Each touches no pin. `line` is the interrupt of all of them, which is attached when the first pin
 * is watched. The struct belongs to the caller and must live as long as interrupts may come.
 */
struct gpio *bcm2835_gpio_init(struct bcm2835_gpio *p, uintptr_t base, struct irq_chip *irq,
			       uint32_t line);
struct gpio *bcm2711_gpio_init(struct bcm2835_gpio *p, uintptr_t base, struct irq_chip *irq,
			       uint32_t line);

#endif
