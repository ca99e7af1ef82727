/* SPDX-License-Identifier: ISC */
/*
 * A virtio block device (section 5.2) as a struct block, with one queue.
 *
 * Requests wait in a list until the queue has room, VIRTIO_BLK_REQUESTS at a time; each is one
 * chain: a header, the caller's memory, a status. Nothing is copied. All that was submitted between
 * two polls is shown to the device by one notification, and all that it has done is taken by one
 * poll. Without the feature FLUSH each write is safe when it ends, and a flush only takes its turn.
 *
 * A device that does not answer within VIRTIO_BLK_WAIT_US, asks for a reset or breaks the rules of
 * its ring is reset and set up again, with one line on the console: what it had ends with
 * ERR_TIMEOUT or ERR_IO, what waits goes on. After VIRTIO_BLK_RESETS_MAX of these without
 * VIRTIO_BLK_REQUESTS_BETWEEN_RESETS good requests in between it is given up: it has no sectors
 * then, and all ends with ERR_NODEV, until block_start(). When the device says that it has another
 * size, so has the block.
 *
 * Event loop and start-up only; the interrupt handler is internal and only wakes. The struct is
 * static memory, some 12 KiB, and lives as long as the image.
 */
#ifndef DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_H
#define DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_H

#include "drivers/block/virtio_blk/virtio_blk_regs.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtqueue.h"
#include "hal/block.h"
#include "hal/irq.h"

enum {
	VIRTIO_BLK_QUEUE_SIZE = 128, /* descriptors; a request of one piece takes three */
	VIRTIO_BLK_REQUESTS = 40,    /* that the device has at a time */
	VIRTIO_BLK_WAIT_US = 10000000,
	VIRTIO_BLK_RESETS_MAX = 3,
	VIRTIO_BLK_REQUESTS_BETWEEN_RESETS = 1000,
};

struct virtio_blk_stats {
	uint64_t reads, writes, others; /* requests that ended well */
	uint32_t failed;                /* by the device's own word */
	uint32_t nonsense;              /* a status or a length that cannot be */
	uint32_t timeouts, resets;
};

/* A request that the device has. */
struct virtio_blk_slot {
	struct virtio_blk_header header;
	struct virtio_blk_range range;
	struct list node; /* in free or busy */
	struct block_request *request;
	uint64_t deadline_us;
	uint32_t in_bytes; /* that the device must have written when all is well */
	uint8_t status;    /* the device's */
};

struct virtio_blk {
	struct block block;
	struct virtio_device *dev;
	struct irq_chip *irq;
	uint32_t line;
	enum irq_trigger trigger;
	bool attached;       /* the interrupt handler is */
	bool running;        /* set up, and not given up */
	bool config_changed; /* set by the interrupt handler */
	struct virtqueue queue;
	struct list waiting; /* of struct block_request */
	struct list busy;    /* of struct virtio_blk_slot, the oldest first */
	struct list free;
	uint32_t size_max;    /* bytes of a piece that the device takes */
	uint32_t resets_left; /* before the device is given up */
	uint64_t good_at_reset;
	struct virtio_blk_stats stats;
	ALIGNED(PAGE_BYTES) uint8_t ring[VIRTQUEUE_RING_BYTES(VIRTIO_BLK_QUEUE_SIZE)];
	struct virtqueue_slot ring_slots[VIRTIO_BLK_QUEUE_SIZE];
	ALIGNED(CACHE_LINE_BYTES) struct virtio_blk_slot slots[VIRTIO_BLK_REQUESTS];
};

/*
 * Prepares `v` to drive `dev`, whose interrupt is `line` of `irq`, and returns its block. Does not
 * touch the device before block_start(). `name` ("disk0") outlives it.
 */
struct block *virtio_blk_init(struct virtio_blk *v, struct virtio_device *dev, struct irq_chip *irq,
			      uint32_t line, enum irq_trigger trigger, const char *name);

#endif
