/* SPDX-License-Identifier: ISC */
/*
 * Registers of the pins (BCM2835 ARM Peripherals, 6.1): a word for each 10 pins' functions, of the
 * rest two words of a bit for each pin.
 */
#ifndef DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_REGS_H
#define DRIVERS_GPIO_BCM2835_GPIO_BCM2835_GPIO_REGS_H

#define GPIO_FUNCTION_OF_TEN_PINS 0x00
#define GPIO_SET                  0x1c
#define GPIO_CLEAR                0x28
#define GPIO_LEVEL                0x34
#define GPIO_EVENT                0x40 /* has been; a one clears it */
#define GPIO_RISING               0x4c
#define GPIO_FALLING              0x58
#define GPIO_PULL                 0x94
#define GPIO_PULL_CLOCK           0x98

/* The BCM2711 has these instead (BCM2711 ARM Peripherals, 5.2): a word for each 16 pins' pulls. */
#define GPIO_PULL_OF_16_PINS 0xe4

#endif
