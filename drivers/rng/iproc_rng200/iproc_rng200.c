/* SPDX-License-Identifier: ISC */
#include "drivers/rng/iproc_rng200/iproc_rng200.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"

/* Registers, and what is in them. */
#define RNG200_CONTROL          0x00
#define RNG200_CONTROL_ENABLE   0x1fffu
#define RNG200_CONTROL_DIVIDE   (3u << 13) /* a million samples a second */
#define RNG200_BITS             0x0c       /* made since it was turned on */
#define RNG200_BITS_THROWN_AWAY 0x10       /* at first */
#define RNG200_DATA             0x20
#define RNG200_WORDS            0x24
#define RNG200_WORDS_READY      0xffu

enum {
	WARM_UP_BITS = 0x40000,
	WARM_BITS = 16, /* more than those: what comes is no more thrown away */

	/* It makes a hundred KiB a second; the bits thrown away take a quarter of one. */
	POLLS_MAX = 10000000,
};

static enum err read_word(struct rng *rng, uint32_t *word)
{
	const struct iproc_rng200 *r = container_of(rng, struct iproc_rng200, rng);

	for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
		if (mmio_read32(r->base + RNG200_BITS) > WARM_BITS &&
		    (mmio_read32(r->base + RNG200_WORDS) & RNG200_WORDS_READY) != 0) {
			*word = mmio_read32(r->base + RNG200_DATA);
			return OK;
		}
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

static enum err iproc_rng200_read(struct rng *rng, void *bytes, size_t len)
{
	return rng_read_by_words(rng, bytes, len, read_word);
}

static const struct rng_ops iproc_rng200_ops = {.read = iproc_rng200_read};

struct rng *iproc_rng200_init(struct iproc_rng200 *r, uintptr_t base)
{
	*r = (struct iproc_rng200){
		.rng = {.ops = &iproc_rng200_ops, .name = "iproc-rng200"},
		.base = base,
	};
	if ((mmio_read32(base + RNG200_CONTROL) & RNG200_CONTROL_ENABLE) == 0) {
		mmio_write32(base + RNG200_BITS_THROWN_AWAY, WARM_UP_BITS);
		mmio_write32(base + RNG200_CONTROL, RNG200_CONTROL_DIVIDE | RNG200_CONTROL_ENABLE);
	}
	return &r->rng;
}
