/* SPDX-License-Identifier: ISC */
#include "drivers/gpio/rpi_expander/rpi_expander.h"

#include "base/attr.h"

static struct rpi_firmware *firmware_of(struct gpio *g)
{
	return container_of(g, struct rpi_expander, gpio)->firmware;
}

static enum err configure(struct gpio *g, unsigned pin, enum gpio_mode mode)
{
	const struct rpi_pin_config config = {
		.is_output = mode == GPIO_OUTPUT_LOW || mode == GPIO_OUTPUT_HIGH,
		.high = mode == GPIO_OUTPUT_HIGH,
		.has_pull = mode == GPIO_INPUT_PULL_UP || mode == GPIO_INPUT_PULL_DOWN,
		.pull_up = mode == GPIO_INPUT_PULL_UP,
	};

	return rpi_firmware_pin_configure(firmware_of(g), pin, &config);
}

static enum err set(struct gpio *g, unsigned pin, bool high)
{
	return rpi_firmware_pin_set(firmware_of(g), pin, high);
}

static enum err get(struct gpio *g, unsigned pin, bool *high)
{
	return rpi_firmware_pin_get(firmware_of(g), pin, high);
}

static enum err watch(struct gpio *g, unsigned pin, enum gpio_edge edge, struct waker waker)
{
	(void)g;
	(void)pin;
	(void)waker;
	return edge == GPIO_EDGE_NONE ? OK : ERR_UNSUPPORTED;
}

struct gpio *rpi_expander_init(struct rpi_expander *x, struct rpi_firmware *firmware)
{
	static const struct gpio_ops ops = {
		.configure = configure,
		.set = set,
		.get = get,
		.watch = watch,
	};

	*x = (struct rpi_expander){
		.gpio = {.ops = &ops, .name = "expander", .n_pins = RPI_PINS},
		.firmware = firmware,
	};
	return &x->gpio;
}
