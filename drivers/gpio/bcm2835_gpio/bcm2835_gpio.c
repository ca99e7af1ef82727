/* SPDX-License-Identifier: ISC */
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"

#include "arch/irqflags.h"
#include "arch/mmio.h"
#include "base/assert.h"
#include "base/attr.h"
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio_regs.h"

enum { PINS_A_WORD = 10, FUNCTION_BITS = 3, FUNCTION_MASK = 7 };

/* 150 cycles of the core's clock, at 250 MHz, are to pass; no access takes less than ten of its. */
enum { SETTLE_ACCESSES = 32 };

static void set_function(uintptr_t base, unsigned pin, uint32_t function)
{
	uintptr_t address = base + GPIO_FUNCTION_OF_TEN_PINS + pin / PINS_A_WORD * sizeof(uint32_t);
	unsigned shift = pin % PINS_A_WORD * FUNCTION_BITS;
	uint32_t word = mmio_read32(address) & ~((uint32_t)FUNCTION_MASK << shift);

	mmio_write32(address, word | function << shift);
}

void bcm2835_gpio_set_function(uintptr_t base, unsigned first, unsigned last,
			       enum bcm2835_function function)
{
	assert(first <= last && last < BCM2835_PINS);
	for (unsigned pin = first; pin <= last; pin++)
		set_function(base, pin, (uint32_t)function);
}

static void settle(uintptr_t base)
{
	for (unsigned i = 0; i < SETTLE_ACCESSES; i++)
		(void)mmio_read32(base + GPIO_PULL);
}

/* Page 101: what is to be, then a clock to the pins that it is for. */
void bcm2835_gpio_set_pulls(uintptr_t base, unsigned first, unsigned last, enum bcm2835_pull pull)
{
	uint64_t pins;

	assert(first <= last && last < BCM2835_PINS);
	pins = ((UINT64_C(1) << (last + 1)) - 1) & ~((UINT64_C(1) << first) - 1);
	mmio_write32(base + GPIO_PULL, (uint32_t)pull);
	settle(base);
	mmio_write32(base + GPIO_PULL_CLOCK, (uint32_t)pins);
	mmio_write32(base + GPIO_PULL_CLOCK + sizeof(uint32_t), (uint32_t)(pins >> 32));
	settle(base);
	mmio_write32(base + GPIO_PULL, BCM2835_PULL_NONE);
	mmio_write32(base + GPIO_PULL_CLOCK, 0);
	mmio_write32(base + GPIO_PULL_CLOCK + sizeof(uint32_t), 0);
}

/* The two bits of a pin count otherwise. */
void bcm2711_gpio_set_pulls(uintptr_t base, unsigned first, unsigned last, enum bcm2835_pull pull)
{
	enum { PULLS_A_WORD = 16, PULL_BITS = 2, PULL_MASK = 3 };
	static const uint8_t bits[] = {
		[BCM2835_PULL_NONE] = 0, [BCM2835_PULL_UP] = 1, [BCM2835_PULL_DOWN] = 2};

	assert(first <= last && last < BCM2835_PINS);
	for (unsigned pin = first; pin <= last; pin++) {
		uintptr_t address = base + GPIO_PULL_OF_16_PINS +
				    pin / PULLS_A_WORD * sizeof(uint32_t);
		unsigned shift = pin % PULLS_A_WORD * PULL_BITS;
		uint32_t word = mmio_read32(address) & ~((uint32_t)PULL_MASK << shift);

		mmio_write32(address, word | (uint32_t)bits[pull] << shift);
	}
}

/* --- as hal/gpio.h ---------------------------------------------------------------------------- */

enum { PINS_OF_WORD = 32, WORDS = 2 };

static struct bcm2835_gpio *pins_of(struct gpio *g)
{
	return container_of(g, struct bcm2835_gpio, gpio);
}

/* Of the word of `first`, one of those with a bit a pin, that in which this pin has its. */
static uintptr_t word_of(const struct bcm2835_gpio *p, uint32_t first, unsigned pin)
{
	return p->base + first + pin / PINS_OF_WORD * sizeof(uint32_t);
}

static uint32_t bit_of(unsigned pin)
{
	return UINT32_C(1) << pin % PINS_OF_WORD;
}

static enum err set(struct gpio *g, unsigned pin, bool high)
{
	/* Ones count, zeros leave their pins alone. */
	mmio_write32(word_of(pins_of(g), high ? GPIO_SET : GPIO_CLEAR, pin), bit_of(pin));
	return OK;
}

static enum err get(struct gpio *g, unsigned pin, bool *high)
{
	*high = (mmio_read32(word_of(pins_of(g), GPIO_LEVEL, pin)) & bit_of(pin)) != 0;
	return OK;
}

static enum err configure(struct gpio *g, unsigned pin, enum gpio_mode mode)
{
	static const uint8_t pulls[] = {
		[GPIO_INPUT] = BCM2835_PULL_NONE,           [GPIO_INPUT_PULL_UP] = BCM2835_PULL_UP,
		[GPIO_INPUT_PULL_DOWN] = BCM2835_PULL_DOWN, [GPIO_OUTPUT_LOW] = BCM2835_PULL_NONE,
		[GPIO_OUTPUT_HIGH] = BCM2835_PULL_NONE,
	};
	bool is_output = mode == GPIO_OUTPUT_LOW || mode == GPIO_OUTPUT_HIGH;
	uintptr_t base = pins_of(g)->base;

	assert((unsigned)mode < ARRAY_SIZE(pulls));
	/* The level that it is to begin with is kept for a pin that is no output yet. */
	if (is_output)
		(void)!set(g, pin, mode == GPIO_OUTPUT_HIGH);
	bcm2835_gpio_set_function(base, pin, pin, is_output ? BCM2835_OUTPUT : BCM2835_INPUT);
	pins_of(g)->set_pulls(base, pin, pin, (enum bcm2835_pull)pulls[mode]);
	return OK;
}

static void set_bit(const struct bcm2835_gpio *p, uint32_t first, unsigned pin, bool one)
{
	uintptr_t address = word_of(p, first, pin);
	uint32_t word = mmio_read32(address) & ~bit_of(pin);

	mmio_write32(address, one ? word | bit_of(pin) : word);
}

/* Forgets what was, and looks for `edge`. With interrupts masked. */
static void look_for(const struct bcm2835_gpio *p, unsigned pin, enum gpio_edge edge)
{
	set_bit(p, GPIO_RISING, pin, (edge & GPIO_EDGE_RISING) != 0);
	set_bit(p, GPIO_FALLING, pin, (edge & GPIO_EDGE_FALLING) != 0);
	mmio_write32(word_of(p, GPIO_EVENT, pin), bit_of(pin));
}

static void interrupt_of_pins(void *arg)
{
	struct bcm2835_gpio *p = arg;

	for (unsigned word = 0; word < WORDS; word++) {
		uint32_t events = mmio_read32(word_of(p, GPIO_EVENT, word * PINS_OF_WORD));

		for (; events != 0; events &= events - 1) {
			unsigned pin = word * PINS_OF_WORD + (unsigned)__builtin_ctz(events);

			look_for(p, pin, GPIO_EDGE_NONE);
			if (pin < BCM2835_PINS)
				waker_wake(&p->wakers[pin]);
		}
	}
}

static enum err watch(struct gpio *g, unsigned pin, enum gpio_edge edge, struct waker waker)
{
	struct bcm2835_gpio *p = pins_of(g);
	unsigned long state;

	if (!p->attached && edge != GPIO_EDGE_NONE) {
		enum err e = irq_attach(p->irq, p->line, IRQ_LEVEL_HIGH, interrupt_of_pins, p);
		if (e != OK)
			return e;
		p->attached = true;
	}
	state = irq_save();
	p->wakers[pin] = waker;
	look_for(p, pin, edge);
	irq_restore(state);
	return OK;
}

struct gpio *bcm2835_gpio_init(struct bcm2835_gpio *p, uintptr_t base, struct irq_chip *irq,
			       uint32_t line)
{
	static const struct gpio_ops ops = {
		.configure = configure,
		.set = set,
		.get = get,
		.watch = watch,
	};

	*p = (struct bcm2835_gpio){
		.gpio = {.ops = &ops, .name = "gpio", .n_pins = BCM2835_PINS},
		.base = base,
		.set_pulls = bcm2835_gpio_set_pulls,
		.irq = irq,
		.line = line,
	};
	return &p->gpio;
}

struct gpio *bcm2711_gpio_init(struct bcm2835_gpio *p, uintptr_t base, struct irq_chip *irq,
			       uint32_t line)
{
	struct gpio *g = bcm2835_gpio_init(p, base, irq, line);

	p->set_pulls = bcm2711_gpio_set_pulls;
	return g;
}
