/* SPDX-License-Identifier: ISC */
#include "tests/fakes/gpio_fake.h"

#include "base/attr.h"

static struct gpio_fake *fake_of(struct gpio *g)
{
	return container_of(g, struct gpio_fake, gpio);
}

static enum err configure(struct gpio *g, unsigned pin, enum gpio_mode mode)
{
	struct gpio_fake *f = fake_of(g);

	if (f->answer != OK)
		return f->answer;
	f->is_output[pin] = mode == GPIO_OUTPUT_LOW || mode == GPIO_OUTPUT_HIGH;
	if (f->is_output[pin])
		f->high[pin] = mode == GPIO_OUTPUT_HIGH;
	return OK;
}

static enum err set(struct gpio *g, unsigned pin, bool high)
{
	struct gpio_fake *f = fake_of(g);

	if (f->answer != OK)
		return f->answer;
	f->changes += f->high[pin] != high;
	f->high[pin] = high;
	return OK;
}

static enum err get(struct gpio *g, unsigned pin, bool *high)
{
	struct gpio_fake *f = fake_of(g);

	*high = f->high[pin];
	return f->answer;
}

static enum err watch(struct gpio *g, unsigned pin, enum gpio_edge edge, struct waker waker)
{
	(void)g;
	(void)pin;
	(void)edge;
	(void)waker;
	return ERR_UNSUPPORTED;
}

struct gpio *gpio_fake_init(struct gpio_fake *f)
{
	static const struct gpio_ops ops = {configure, set, get, watch};

	*f = (struct gpio_fake){.gpio = {&ops, "fake", GPIO_FAKE_PINS}};
	return &f->gpio;
}
