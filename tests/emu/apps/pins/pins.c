/* SPDX-License-Identifier: ISC */
#include "hal/gpio.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

/* Makes pins outputs of a level and says what is read there; returns how many of them do not work.
 */
static int make_outputs(struct gpio *pins, const struct key_list *list, enum gpio_mode mode)
{
	const uint16_t *numbers = list->items;
	int failed = 0;

	for (unsigned i = 0; i < list->count; i++) {
		bool high = false;
		enum err e = gpio_configure(pins, numbers[i], mode);

		if (e == OK)
			e = gpio_get(pins, numbers[i], &high);
		if (e != OK)
			failed++;
		console_printf("pin %u: %s\n", (unsigned)numbers[i],
			       e != OK ? err_str(e) : (high ? "high" : "low"));
	}
	return failed;
}

int pins_test(struct gpio *pins, struct timer *timer, const struct key_list *high,
	      const struct key_list *low, bool stay)
{
	int failed = make_outputs(pins, high, GPIO_OUTPUT_HIGH);

	(void)timer;
	failed += make_outputs(pins, low, GPIO_OUTPUT_LOW);
	boot_ready();
	if (stay)
		fiber_park_forever();
	return failed;
}
