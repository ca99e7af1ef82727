/* SPDX-License-Identifier: ISC */
/*
 * A split virtqueue (section 2.7): buffers go to a device through the available ring and come
 * back through the used ring.
 *
 * virtqueue_add() queues a chain of buffers with a cookie; virtqueue_kick() shows all that was
 * added to the device and notifies it, if it asked to be; virtqueue_get_used() returns the cookies
 * in the order of completion. Memory is lent from add to get_used, or until the device was reset.
 *
 * Nothing that the device writes is trusted: an index, an id or a length that cannot be right
 * sets `fault` to its description. From then on the queue takes and returns nothing; its
 * owner resets the device, frees what was in flight (virtqueue_reclaim()) and sets up anew.
 *
 * Event loop only, except virtqueue_disarm().
 */
#ifndef DRIVERS_VIRTIO_VIRTQUEUE_H
#define DRIVERS_VIRTIO_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/virtio/virtio.h"

enum {
	/* Alignment of the used ring. A legacy device is told it (QueueAlign); any power of two. */
	VIRTQUEUE_ALIGN = 64,
	VIRTQUEUE_SIZE_MAX = 1024, /* entries */
	VIRTQUEUE_CHAIN_MAX = 32,  /* buffers in one chain */
};

/* Section 2.7.5. Also the entry of an indirect table. */
struct virtqueue_desc {
	uint64_t address;
	uint32_t bytes;
	uint16_t flags;
	uint16_t next;
};

/* Section 2.7.8. */
struct virtqueue_used {
	uint32_t id;
	uint32_t bytes;
};

/* What the driver remembers of each descriptor, where the device cannot write. */
struct virtqueue_slot {
	void *cookie;      /* NULL: not the head of a chain in flight */
	uint32_t in_bytes; /* that the device may write to the chain */
	uint16_t next;     /* in the chain or in the free list */
	uint8_t n_desc;    /* descriptors of the chain */
	bool published;    /* the device may have seen it */
};

/* Bytes of ring memory for `n` entries, a power of two. */
#define VIRTQUEUE_USED_OFFSET(n) ROUND_UP((n)*16u + 6u + (n)*2u, (unsigned)VIRTQUEUE_ALIGN)
#define VIRTQUEUE_RING_BYTES(n)  (VIRTQUEUE_USED_OFFSET(n) + 6u + (n)*8u)

/* The memory of a queue. Static, the owner's; it must outlive the device's use of it. */
struct virtqueue_memory {
	void *ring;                    /* VIRTQUEUE_RING_BYTES(size), PAGE_BYTES aligned */
	struct virtqueue_slot *slots;  /* size of them */
	struct virtqueue_desc *tables; /* size * table_entries of them, or NULL */
	uint16_t size;                 /* entries at most: a power of two */
	uint16_t table_entries;        /* buffers that an indirect table can hold */
};

/* A run of memory in a chain. */
struct virtqueue_piece {
	const void *bytes;
	uint32_t len;
};

struct virtqueue {
	struct virtio_device *dev;
	struct virtqueue_desc *desc;
	uint16_t *avail; /* flags, idx, ring[size], used_event */
	uint16_t *used;  /* flags, idx, then used_ring, then avail_event */
	struct virtqueue_used *used_ring;
	struct virtqueue_slot *slots;
	struct virtqueue_desc *tables;
	const char *fault; /* NULL, or in words what the device did */
	uint16_t index;    /* of the queue in the device */
	uint16_t size;     /* entries, as agreed with the device: a power of two */
	uint16_t table_entries;
	uint16_t free_head;  /* of the list of free descriptors */
	uint16_t n_free;     /* descriptors */
	uint16_t added;      /* chains ever added, modulo 2^16: the next available index */
	uint16_t published;  /* of those, what the device was shown */
	uint16_t used_seen;  /* chains ever taken back, modulo 2^16 */
	uint16_t used_known; /* the device's used index when last looked at */
	bool event_idx;
	uint32_t notifications; /* sent to the device since set up */
};

/*
 * Sets up queue number `index` of `dev`, between virtio_negotiate() and virtio_ready(), with as
 * many entries as both `m` and the device allow. Nothing may be in flight. Interrupts are disarmed.
 * ERR_UNSUPPORTED: the device has no such queue, or one too small; ERR_IO: it is in use already.
 */
MUST_USE enum err virtqueue_setup(struct virtqueue *q, struct virtio_device *dev, uint16_t index,
				  const struct virtqueue_memory *m);

/*
 * Adds a chain: `n_out` pieces that the device reads, then `n_in` that it writes, at least one
 * and at most VIRTQUEUE_CHAIN_MAX in all. Lends their memory. `cookie` is not NULL. The
 * device sees it after virtqueue_kick(). ERR_AGAIN: too few descriptors are free; ERR_IO: fault.
 */
MUST_USE enum err virtqueue_add(struct virtqueue *q, const struct virtqueue_piece *pieces,
				unsigned n_out, unsigned n_in, void *cookie);

/* Shows the device all chains added so far, and notifies it unless it said that it need not be. */
void virtqueue_kick(struct virtqueue *q);

/*
 * The cookie of the next chain that the device is done with, and in `*len` the bytes that it wrote
 * there (at most what the chain had room for). NULL: none, or a fault.
 */
MUST_USE void *virtqueue_get_used(struct virtqueue *q, uint32_t *len);

/*
 * Lets the device interrupt once `count` further chains (at least 1) have been used. A device
 * without EVENT_IDX interrupts at the next one. True if it may be too late for that interrupt,
 * since so many are there already, or a fault was found: the caller looks itself.
 */
MUST_USE bool virtqueue_arm(struct virtqueue *q, uint16_t count);

/* Asks the device not to interrupt: a hint that it may ignore. Also for interrupt handlers. */
void virtqueue_disarm(struct virtqueue *q);

/* Records a fault that the owner found, in words, unless there is one already. */
void virtqueue_fail(struct virtqueue *q, const char *what);

/* After the device was reset: the cookie of a chain that was in flight, freed, or NULL. */
MUST_USE void *virtqueue_reclaim(struct virtqueue *q);

/* Chains shown to the device that were not taken back yet. */
static inline uint16_t virtqueue_in_flight(const struct virtqueue *q)
{
	return (uint16_t)(q->published - q->used_seen);
}

/* Chains added that the device was not shown yet. */
static inline uint16_t virtqueue_unpublished(const struct virtqueue *q)
{
	return (uint16_t)(q->added - q->published);
}

#endif
