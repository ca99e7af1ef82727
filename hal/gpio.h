/* SPDX-License-Identifier: ISC */
/*
 * Pins: one bit each, in or out.
 *
 * A driver embeds `struct gpio` first and fills every slot. Pins are numbered from 0 as the
 * hardware counts them; which of them lead where, and which the board needs itself, its README
 * says. Nobody keeps two users from the same pin.
 *
 * Pins may be on another chip, behind a bus: then each call waits for that, a millisecond or so,
 * and can fail. Event loop and start-up only; a watch's waker is woken from the interrupt handler.
 */
#ifndef HAL_GPIO_H
#define HAL_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/waker.h"

enum gpio_mode {
	GPIO_INPUT, /* without a pull: what is outside decides */
	GPIO_INPUT_PULL_UP,
	GPIO_INPUT_PULL_DOWN,
	GPIO_OUTPUT_LOW, /* begins with that level, without the other in between */
	GPIO_OUTPUT_HIGH,
};

enum gpio_edge {
	GPIO_EDGE_NONE,
	GPIO_EDGE_RISING = 1,
	GPIO_EDGE_FALLING = 2,
	GPIO_EDGE_BOTH = 3,
};

struct gpio;

struct gpio_ops {
	enum err (*configure)(struct gpio *g, unsigned pin, enum gpio_mode mode);
	enum err (*set)(struct gpio *g, unsigned pin, bool high);
	enum err (*get)(struct gpio *g, unsigned pin, bool *high);
	enum err (*watch)(struct gpio *g, unsigned pin, enum gpio_edge edge, struct waker waker);
};

struct gpio {
	const struct gpio_ops *ops;
	const char *name; /* for messages: "gpio" */
	unsigned n_pins;
};

/*
 * What all of these answer besides OK: ERR_RANGE: there is no such pin; ERR_UNSUPPORTED: it cannot
 * do this; ERR_TIMEOUT or ERR_IO: the chip does not answer.
 */

/* Makes a pin what `mode` says, whatever it was. */
MUST_USE static inline enum err gpio_configure(struct gpio *g, unsigned pin, enum gpio_mode mode)
{
	return pin < g->n_pins ? g->ops->configure(g, pin, mode) : ERR_RANGE;
}

/* The level of an output from now on. */
MUST_USE static inline enum err gpio_set(struct gpio *g, unsigned pin, bool high)
{
	return pin < g->n_pins ? g->ops->set(g, pin, high) : ERR_RANGE;
}

/* The level at a pin, of an output too. `high` is written if OK. */
MUST_USE static inline enum err gpio_get(struct gpio *g, unsigned pin, bool *high)
{
	return pin < g->n_pins ? g->ops->get(g, pin, high) : ERR_RANGE;
}

/*
 * Wakes `waker` at the next edge, once: then the pin is silent until it is watched again, so that a
 * signal of any frequency costs no more interrupts than somebody asks for. Replaces an earlier
 * watch; GPIO_EDGE_NONE ends it. An edge before the call does not count: who must miss none watches
 * first and looks at the level then.
 */
MUST_USE static inline enum err gpio_watch(struct gpio *g, unsigned pin, enum gpio_edge edge,
					   struct waker waker)
{
	return pin < g->n_pins ? g->ops->watch(g, pin, edge, waker) : ERR_RANGE;
}

/* A pin with something at it that is on or off. */
struct gpio_line {
	struct gpio *gpio;
	unsigned pin;
	bool active_low; /* it is on when the pin is low */
};

MUST_USE static inline enum err gpio_line_output(const struct gpio_line *l, bool on)
{
	return gpio_configure(l->gpio, l->pin,
			      on != l->active_low ? GPIO_OUTPUT_HIGH : GPIO_OUTPUT_LOW);
}

MUST_USE static inline enum err gpio_line_set(const struct gpio_line *l, bool on)
{
	return gpio_set(l->gpio, l->pin, on != l->active_low);
}

#endif
