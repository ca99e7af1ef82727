/* SPDX-License-Identifier: ISC */
#include "drivers/rng/bcm2835_rng/bcm2835_rng.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"

/* Registers, and what is in them. */
#define RNG_CONTROL        0x00
#define RNG_CONTROL_ENABLE 0x1u
#define RNG_STATUS         0x04
#define RNG_STATUS_WORDS   24      /* from this bit on: how many are ready */
#define RNG_STATUS_WARM_UP 0x40000 /* words that are thrown away at first */
#define RNG_DATA           0x08
#define RNG_INTERRUPT_MASK 0x10
#define RNG_INTERRUPT_OFF  0x1u

/* It makes about a MiB a second; the words thrown away take half a second. */
enum { POLLS_MAX = 10000000 };

static enum err read_word(struct rng *rng, uint32_t *word)
{
	const struct bcm2835_rng *r = container_of(rng, struct bcm2835_rng, rng);

	for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
		if (mmio_read32(r->base + RNG_STATUS) >> RNG_STATUS_WORDS != 0) {
			*word = mmio_read32(r->base + RNG_DATA);
			return OK;
		}
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

static enum err bcm2835_rng_read(struct rng *rng, void *bytes, size_t len)
{
	return rng_read_by_words(rng, bytes, len, read_word);
}

static const struct rng_ops bcm2835_rng_ops = {.read = bcm2835_rng_read};

struct rng *bcm2835_rng_init(struct bcm2835_rng *r, uintptr_t base)
{
	*r = (struct bcm2835_rng){
		.rng = {.ops = &bcm2835_rng_ops, .name = "bcm2835-rng"},
		.base = base,
	};
	mmio_write32(base + RNG_INTERRUPT_MASK, RNG_INTERRUPT_OFF);
	if ((mmio_read32(base + RNG_CONTROL) & RNG_CONTROL_ENABLE) == 0) {
		mmio_write32(base + RNG_STATUS, RNG_STATUS_WARM_UP);
		mmio_write32(base + RNG_CONTROL, RNG_CONTROL_ENABLE);
	}
	return &r->rng;
}
