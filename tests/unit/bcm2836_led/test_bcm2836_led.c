/* SPDX-License-Identifier: ISC */
/* Which pin each model of the Raspberry Pi has its light at, by revision codes that are printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boards/common/common.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"
#include "hal/board.h"

struct rpi_firmware rpi_mailbox;

static uint32_t revision;
static unsigned complaints;

enum err rpi_firmware_revision(struct rpi_firmware *f, uint32_t *value)
{
	(void)f;
	*value = revision;
	return revision != 0 ? OK : ERR_TIMEOUT;
}

enum err rpi_firmware_pin_configure(struct rpi_firmware *f, unsigned pin,
				    const struct rpi_pin_config *config)
{
	(void)f;
	(void)pin;
	(void)config;
	return OK;
}

enum err rpi_firmware_pin_set(struct rpi_firmware *f, unsigned pin, bool high)
{
	(void)f;
	(void)pin;
	(void)high;
	return OK;
}

enum err rpi_firmware_pin_get(struct rpi_firmware *f, unsigned pin, bool *high)
{
	(void)f;
	(void)pin;
	(void)high;
	return OK;
}

struct irq_chip *rpi_irq_chip(void)
{
	return NULL;
}

void board_complain(const char *message)
{
	(void)message;
	complaints++;
}

struct gpio *bcm2835_gpio_init(struct bcm2835_gpio *p, uintptr_t base, struct irq_chip *irq,
			       uint32_t line)
{
	static const struct gpio_ops ops;

	(void)irq;
	assert_int_equal(base, 0x3f200000);
	assert_int_equal(line, 52);
	p->gpio = (struct gpio){&ops, "chip", BCM2835_PINS};
	return &p->gpio;
}

static void has(uint32_t code, const char *chip, unsigned pin, bool active_low)
{
	const struct gpio_line *led;

	revision = code;
	led = board_led();
	assert_non_null(led);
	assert_string_equal(led->gpio->name, chip);
	assert_int_equal(led->pin, pin);
	assert_int_equal(led->active_low, active_low);
}

static void each_model_has_its_light(void **state)
{
	(void)state;
	has(0xa01041, "chip", 47, false);    /* 2 B */
	has(0xa22042, "chip", 47, false);    /* 2 B with the BCM2837 */
	has(0xa02082, "expander", 2, false); /* 3 B */
	has(0xa020d3, "chip", 29, false);    /* 3 B+ */
	has(0x9020e0, "chip", 29, false);    /* 3 A+ */
	has(0x902120, "chip", 29, true);     /* Zero 2 W */
	has(0x02a01041, "chip", 47, false);  /* 2 B whose warranty is void */
	assert_int_equal(complaints, 0);
}

static void what_is_unknown_has_none(void **state)
{
	static const uint32_t codes[] = {0 /* no answer */, 0xa020a0 /* CM3 */, 0x10 /* B+ */,
					 0x82};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		revision = codes[i];
		assert_null(board_led());
		assert_int_equal(complaints, i + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_model_has_its_light),
		cmocka_unit_test(what_is_unknown_has_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
