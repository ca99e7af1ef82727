/* SPDX-License-Identifier: ISC */
/*
 * The pins, and at which of them each model has its green light.
 */
#include "base/attr.h"
#include "boards/common/common.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"
#include "drivers/gpio/rpi_expander/rpi_expander.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "hal/board.h"

struct gpio *board_gpio(void)
{
	static struct bcm2835_gpio pins;

	if (pins.gpio.ops == NULL)
		bcm2835_gpio_init(&pins, BCM2836_GPIO_BASE, rpi_irq_chip(), BCM2836_GPIO);
	return &pins.gpio;
}

/* A revision code says the model in bits 4 to 11, if bit 23 is set (as on all with these chips). */
#define REVISION_HAS_MODEL   0x00800000u
#define REVISION_MODEL_SHIFT 4
#define REVISION_MODEL_MASK  0xffu

enum light_at { AT_CHIP, AT_CHIP_LOW, AT_EXPANDER };

static const struct light {
	uint8_t model, pin, at;
} lights[] = {
	{0x04, 47, AT_CHIP},     /* 2 B */
	{0x08, 2, AT_EXPANDER},  /* 3 B */
	{0x0d, 29, AT_CHIP},     /* 3 B+ */
	{0x0e, 29, AT_CHIP},     /* 3 A+ */
	{0x12, 29, AT_CHIP_LOW}, /* Zero 2 W */
};

static const struct light *find_light(void)
{
	uint32_t revision;

	if (rpi_firmware_revision(&rpi_mailbox, &revision) != OK ||
	    (revision & REVISION_HAS_MODEL) == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(lights); i++) {
		if (lights[i].model == (revision >> REVISION_MODEL_SHIFT & REVISION_MODEL_MASK))
			return &lights[i];
	}
	return NULL;
}

const struct gpio_line *board_led(void)
{
	static struct rpi_expander expander;
	static struct gpio_line led;
	const struct light *light = find_light();

	if (light == NULL) {
		board_complain("this model has no LED that is known");
		return NULL;
	}
	led = (struct gpio_line){
		.gpio = light->at == AT_EXPANDER ? rpi_expander_init(&expander, &rpi_mailbox)
						 : board_gpio(),
		.pin = light->pin,
		.active_low = light->at == AT_CHIP_LOW,
	};
	return &led;
}
