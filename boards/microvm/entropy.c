/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "arch/cpu.h"
#include "boards/microvm/microvm.h"
#include "drivers/rng/virtio_rng/virtio_rng.h"
#include "hal/board.h"

static size_t from_device(void *bytes, size_t max)
{
	static struct virtio_mmio slot;
	static struct virtio_rng device;
	static struct rng *rng;

	uint32_t line;
	if (rng == NULL && microvm_find_virtio(&slot, VIRTIO_ID_RNG, 0, &line) == OK)
		rng = virtio_rng_init(&device, &slot.dev, board_timer());
	return rng != NULL && rng_read(rng, bytes, max) == OK ? max : 0;
}

/* Half from each source, so that a bad one does no harm; all from one if the other has none. */
size_t board_entropy(void *bytes, size_t max)
{
	uint8_t *p = bytes;
	size_t half = max / 2;
	size_t n = cpu_random(p, half) == OK ? half : 0;
	n += from_device(p + n, max - n);
	if (n == half && cpu_random(p + n, max - n) == OK)
		n = max;
	return n;
}
