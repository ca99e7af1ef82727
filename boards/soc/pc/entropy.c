/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "arch/cpu.h"
#include "boards/soc/pc/pc.h"
#include "drivers/rng/virtio_rng/virtio_rng.h"
#include "hal/board.h"

static size_t from_device(void *bytes, size_t max)
{
	static struct virtio_rng device;
	static struct rng *rng;

	struct virtio_device *found = rng == NULL ? pc_rng_device() : NULL;
	if (found != NULL)
		rng = virtio_rng_init(&device, found, board_timer());
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
