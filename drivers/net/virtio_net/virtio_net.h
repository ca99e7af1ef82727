/* SPDX-License-Identifier: ISC */
/*
 * A virtio network device (section 5.1) as a struct netif: one receive and one transmit queue.
 *
 * The virtio header lies in the packet's own headroom, so that most packets are one descriptor.
 * Receive buffers come from the pool that virtio_net_init() is given: at most half of it, so
 * that there is a replacement for each received frame. If the device can merge buffers, and the
 * pool has enough of them (vnet_may_coalesce(): 176 of 2 KiB), it is asked to coalesce TCP
 * segments; then the queue has room for two of 64 KiB, or a quarter of the pool. Frames sent are
 * freed lazily, without an interrupt for each: on the next send that needs room and at the end of
 * each receive batch.
 *
 * A device that breaks the rules of its rings is reset and set up again; frames in flight are
 * lost. After VIRTIO_NET_RESETS_MAX resets without VIRTIO_NET_FRAMES_BETWEEN_RESETS received
 * frames in between it is given up: the link goes down and sends fail with ERR_IO.
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct virtio_net is static
 * memory, 20 KiB with the default queue sizes, and must live as long as the image.
 */
#ifndef DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_H
#define DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_H

#include "base/pkt.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtqueue.h"
#include "hal/irq.h"
#include "hal/netif.h"

/* Entries of the queues: powers of two. */
#ifndef VIRTIO_NET_RX_SIZE
#define VIRTIO_NET_RX_SIZE 128
#endif
#ifndef VIRTIO_NET_TX_SIZE
#define VIRTIO_NET_TX_SIZE 64
#endif

enum {
	VIRTIO_NET_TABLE_ENTRIES = 4, /* longer chains use plain descriptors */
	VIRTIO_NET_RESETS_MAX = 3,
	VIRTIO_NET_FRAMES_BETWEEN_RESETS = 1000,
};

struct virtio_net {
	struct netif nif;
	struct virtio_device *dev;
	struct irq_chip *irq;
	struct pkt_pool *rx_pool;
	uint32_t line;
	enum irq_trigger trigger;
	struct virtqueue rx, tx;
	uint64_t features;     /* negotiated at start; a reset must yield the same */
	uint32_t frame_max;    /* bytes of the longest frame that is let in or out */
	uint16_t header_bytes; /* of the virtio header: 10 or 12 */
	uint16_t rx_target;    /* buffers that the device should have */
	bool mergeable;        /* a received frame may lie in several buffers */
	bool header_apart;     /* a legacy device wants the header in a descriptor of its own */
	bool attached;         /* the interrupt handler is */
	bool running;          /* between start and stop, and not given up */
	bool tx_blocked;       /* a send was refused: the tx waker is owed. The handler reads it */
	bool config_changed;   /* set by the interrupt handler */
	uint32_t resets_left;  /* before the device is given up */
	uint64_t rx_at_reset;  /* stats.rx_packets at the last reset */
	ALIGNED(PAGE_BYTES) uint8_t rx_ring[VIRTQUEUE_RING_BYTES(VIRTIO_NET_RX_SIZE)];
	struct virtqueue_slot rx_slots[VIRTIO_NET_RX_SIZE];
	struct virtqueue_slot tx_slots[VIRTIO_NET_TX_SIZE];
	ALIGNED(PAGE_BYTES) uint8_t tx_ring[VIRTQUEUE_RING_BYTES(VIRTIO_NET_TX_SIZE)];
	struct virtqueue_desc tx_tables[VIRTIO_NET_TX_SIZE * VIRTIO_NET_TABLE_ENTRIES];
};

/*
 * Prepares `net` to drive `dev`, whose interrupt is `line` of `irq`, and returns its netif. Does
 * not touch the device before netif_start(). `rx`, with buffers of at least 2048 bytes, and `name`
 * ("net0") must outlive it. One packet to send needs 12 bytes of headroom (PKT_HEADROOM has them).
 */
struct netif *virtio_net_init(struct virtio_net *net, struct virtio_device *dev,
			      struct irq_chip *irq, uint32_t line, enum irq_trigger trigger,
			      struct pkt_pool *rx, const char *name);

#endif
