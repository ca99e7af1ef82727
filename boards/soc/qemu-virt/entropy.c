/* SPDX-License-Identifier: ISC */
/*
 * Seed material: virtio-rng, the processor's instruction and the device tree's rng-seed.
 */
#include "arch/cpu.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "boards/tree/seed.h"
#include "drivers/rng/virtio_rng/virtio_rng.h"
#include "drivers/virtio/virtio_mmio.h"
#include "hal/board.h"

static size_t from_virtio(uint8_t *bytes, size_t max)
{
	static struct virtio_mmio slot;
	static struct virtio_rng device;

	for (unsigned i = 0; qemu_virt_find(&slot, VIRTIO_ID_RNG, i) != NULL; i++) {
		if (rng_read(virtio_rng_init(&device, &slot.dev, board_timer()), bytes, max) == OK)
			return max;
	}
	return 0;
}

static size_t from_processor(uint8_t *bytes, size_t max)
{
	return cpu_random(bytes, max) == OK ? max : 0;
}

size_t board_entropy(void *bytes, size_t max)
{
	static seed_source_fn *const sources[] = {from_virtio, from_processor, seed_of_tree};

	return seed_combine(bytes, max, sources, ARRAY_SIZE(sources));
}
