/* SPDX-License-Identifier: ISC */
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/assert.h"

/* Registers: three bits a pin, ten pins a word; and one bit a pin. */
#define GPIO_FUNCTION   0x00
#define GPIO_PULL       0x94
#define GPIO_PULL_CLOCK 0x98

enum { PINS_A_WORD = 10, FUNCTION_BITS = 3, FUNCTION_MASK = 7 };

/* 150 cycles of the core's clock, at 250 MHz, are to pass; no access takes less than ten of its. */
enum { SETTLE_ACCESSES = 32 };

static void set_function(uintptr_t base, unsigned pin, uint32_t function)
{
	uintptr_t address = base + GPIO_FUNCTION + pin / PINS_A_WORD * sizeof(uint32_t);
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
