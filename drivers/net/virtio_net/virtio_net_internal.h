/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: virtio_net.c (life of the device), virtio_net_rx.c and
 * virtio_net_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_INTERNAL_H
#define DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_INTERNAL_H

#include "drivers/net/virtio_net/virtio_net.h"
#include "drivers/net/vnet/vnet.h"

enum {
	ETH_HEADER_BYTES = VNET_ETH_HEADER_BYTES,
	/* Where a received frame begins in its buffer: the IP header is then 4-byte aligned. */
	RX_FRAME_OFFSET = 14,
	/* The descriptors of the longest chain: a virtio header of its own, and all pieces. */
	TX_CHAIN_MAX = 2 + PKT_PIECES_MAX,
};

static inline struct virtio_net *virtio_net_of(struct netif *nif)
{
	return container_of(nif, struct virtio_net, nif);
}

static inline uint8_t *virtio_net_rx_start(const struct virtio_net *net, const struct pkt *p)
{
	return p->buf + RX_FRAME_OFFSET - net->header_bytes;
}

/* Bytes of a receive buffer that the device may write, the virtio header included. */
static inline uint32_t virtio_net_rx_room(const struct virtio_net *net)
{
	return net->rx_pool->buf_bytes - RX_FRAME_OFFSET + net->header_bytes;
}

/* Gives the device buffers until it has rx_target or the pool is empty. Returns how many it has. */
unsigned virtio_net_rx_fill(struct virtio_net *net);

struct pkt *virtio_net_recv(struct netif *nif);
bool virtio_net_rx_arm(struct netif *nif);

/* The device's interrupt, whichever queue it is for. `arg` is its struct virtio_net. */
void virtio_net_interrupt(void *arg);

/* Frees what the device has sent, and wakes a sender that was refused. Returns how many. */
unsigned virtio_net_tx_reclaim(struct virtio_net *net);

/* The same, and sees to it that the device interrupts if what is left should not wait unfreed. */
void virtio_net_tx_settle(struct virtio_net *net);

enum err virtio_net_send(struct netif *nif, struct pkt *p);
void virtio_net_flush(struct netif *nif);

/* If a queue has a fault: resets the device and sets it up again, or gives it up. */
void virtio_net_check_faults(struct virtio_net *net);

/* If the device said that its configuration changed: looks at the link. */
void virtio_net_check_config(struct virtio_net *net);

#endif
