/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder: virtio_blk.c is the device, virtio_blk_queue.c its requests.
 */
#ifndef DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_INTERNAL_H
#define DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_INTERNAL_H

#include "drivers/block/virtio_blk/virtio_blk.h"

/* Of a chain: those of data besides header and status. */
enum { VIRTIO_BLK_DATA_MAX = VIRTQUEUE_CHAIN_MAX - 2 };

static inline struct virtio_blk *virtio_blk_of(struct block *b)
{
	return container_of(b, struct virtio_blk, block);
}

/* All slots are free and nothing waits: before the first start. */
void virtio_blk_queue_init(struct virtio_blk *v);

/* Shows the device what waits, as far as there is room. */
void virtio_blk_queue_fill(struct virtio_blk *v, uint64_t now_us);

/* Ends what the device is done with. A fault of the queue may have been found. */
void virtio_blk_queue_drain(struct virtio_blk *v);

/* When the oldest request that the device has must be done; UINT64_MAX: it has none. */
uint64_t virtio_blk_queue_deadline_us(const struct virtio_blk *v);

/* The device was reset: ends what it had with `result`, and what waits too if `all`. */
void virtio_blk_queue_end(struct virtio_blk *v, enum err result, bool all);

#endif
