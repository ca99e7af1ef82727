/* SPDX-License-Identifier: ISC */
/* Pins that note what they are told. */
#ifndef TESTS_FAKES_GPIO_FAKE_H
#define TESTS_FAKES_GPIO_FAKE_H

#include "hal/gpio.h"

enum { GPIO_FAKE_PINS = 8 };

struct gpio_fake {
	struct gpio gpio;
	bool high[GPIO_FAKE_PINS], is_output[GPIO_FAKE_PINS];
	enum err answer;  /* of each call */
	unsigned changes; /* of levels, by gpio_set() */
};

struct gpio *gpio_fake_init(struct gpio_fake *f);

#endif
