/* SPDX-License-Identifier: ISC */
/*
 * Seed material: virtio-rng, the processor's instruction and the device tree's rng-seed. They are
 * combined by exclusive or, so that the result is as good as the best of them.
 */
#include <string.h>

#include "arch/cpu.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/rng/virtio_rng/virtio_rng.h"
#include "drivers/virtio/virtio_mmio.h"
#include "hal/board.h"

enum { SEED_BYTES = 64 };

/* Copied from the device tree, used once. */
static uint8_t seed[SEED_BYTES]; /* folded, if there was more */
static size_t seed_len;

void qemu_virt_take_seed(uint8_t *bytes, size_t len)
{
	seed_len = MIN(len, sizeof(seed));
	for (size_t i = 0; i < len; i++) {
		seed[i % sizeof(seed)] ^= bytes[i];
		bytes[i] = 0;
	}
}

/* Each source writes up to `max` bytes and returns how many. */
static size_t from_virtio(uint8_t *bytes, size_t max)
{
	static struct virtio_mmio slot;
	static struct virtio_rng device;
	const struct machine *m = &qemu_virt_machine;

	for (unsigned i = 0; i < m->n_virtio; i++) {
		if (virtio_mmio_probe(&slot, m->virtio[i].base) != OK ||
		    slot.dev.id != VIRTIO_ID_RNG)
			continue;
		if (rng_read(virtio_rng_init(&device, &slot.dev, board_timer()), bytes, max) == OK)
			return max;
	}
	return 0;
}

static size_t from_processor(uint8_t *bytes, size_t max)
{
	return cpu_random(bytes, max) == OK ? max : 0;
}

static size_t from_device_tree(uint8_t *bytes, size_t max)
{
	size_t n = MIN(max, seed_len);

	memcpy(bytes, seed, n);
	memset(seed, 0, sizeof(seed));
	seed_len = 0;
	return n;
}

size_t board_entropy(void *bytes, size_t max)
{
	static size_t (*const sources[])(uint8_t * bytes, size_t max) = {
		from_virtio, from_processor, from_device_tree};
	uint8_t part[SEED_BYTES];
	uint8_t *out = bytes;
	size_t best = 0;

	max = MIN(max, sizeof(part));
	memset(out, 0, max);
	for (unsigned i = 0; i < ARRAY_SIZE(sources); i++) {
		size_t n = sources[i](part, max);

		for (size_t j = 0; j < n; j++)
			out[j] ^= part[j];
		best = MAX(best, n);
	}
	memset(part, 0, sizeof(part));
	return best;
}
