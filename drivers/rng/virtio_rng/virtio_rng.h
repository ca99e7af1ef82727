/* SPDX-License-Identifier: ISC */
/*
 * A virtio entropy device (section 5.4) as a struct rng: random bytes from the host, for seeding.
 *
 * It is polled, without an interrupt: rng_read() asks and waits, at most VIRTIO_RNG_WAIT_US for
 * each VIRTIO_RNG_CHUNK bytes. A device that does not answer in time or that breaks the rules is
 * reset, so that it writes nothing later, and set up anew by the next read. Start-up and event
 * loop only. The structure is static memory, one page, and must outlive its use.
 */
#ifndef DRIVERS_RNG_VIRTIO_RNG_VIRTIO_RNG_H
#define DRIVERS_RNG_VIRTIO_RNG_VIRTIO_RNG_H

#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtqueue.h"
#include "hal/rng.h"
#include "hal/timer.h"

enum {
	VIRTIO_RNG_CHUNK = 64,       /* bytes asked for at a time */
	VIRTIO_RNG_WAIT_US = 100000, /* for each chunk */
	VIRTIO_RNG_QUEUE_SIZE = 2,
};

struct virtio_rng {
	/* First, before even `rng`: so the structure fits the page that the ring is aligned to. */
	ALIGNED(PAGE_BYTES) uint8_t ring[VIRTQUEUE_RING_BYTES(VIRTIO_RNG_QUEUE_SIZE)];
	struct rng rng;
	struct virtio_device *dev;
	struct timer *timer;
	struct virtqueue queue;
	bool ready;
	struct virtqueue_slot slots[VIRTIO_RNG_QUEUE_SIZE];
	ALIGNED(CACHE_LINE_BYTES) uint8_t chunk[VIRTIO_RNG_CHUNK];
};

/*
 * Prepares `r` to read from `dev`, measuring time with `timer`, and returns its rng. Does not touch
 * the device before the first rng_read(), which answers ERR_TIMEOUT, ERR_IO or ERR_UNSUPPORTED.
 */
struct rng *virtio_rng_init(struct virtio_rng *r, struct virtio_device *dev, struct timer *timer);

#endif
