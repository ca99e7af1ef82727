/* SPDX-License-Identifier: ISC */
/*
 * Sending: section 5.1.6.2.
 *
 * The virtio header is written in front of the frame, in the packet's headroom, which leaves the
 * packet itself as it was. The device does not interrupt for what it has sent, unless a send was
 * refused for lack of room.
 */
#define HOT_FILE

#include "base/bytes.h"
#include "drivers/net/virtio_net/virtio_net_internal.h"

enum {
	/*
	 * So many packets may wait unfreed, without an interrupt, for something else to happen:
	 * more could be all that a sender has, who would then wait for them for ever.
	 */
	TX_LAZY = 8,
};

static bool is_gso(const struct pkt *p)
{
	return (p->flags & (PKT_GSO_TCP4 | PKT_GSO_TCP6)) != 0;
}

static uint8_t *write_header(const struct virtio_net *net, const struct pkt *p)
{
	uint8_t *header = p->data - net->header_bytes;
	bool v6 = (p->flags & PKT_GSO_TCP6) != 0;
	assert(!is_gso(p) || (net->nif.features & (v6 ? NETIF_TSO6 : NETIF_TSO4)) != 0);
	vnet_emit(header, p);
	if (net->header_bytes == VNET_BYTES)
		store_le16(header + VNET_NUM_BUFFERS, 0); /* means nothing here */
	return header;
}

/* Writes the header and lists the runs of memory of header and frame; returns how many. */
static unsigned list_pieces(const struct virtio_net *net, const struct pkt *p,
			    struct virtqueue_piece pieces[static TX_CHAIN_MAX])
{
	uint8_t *header = write_header(net, p);
	unsigned n = 0;
	if (net->header_apart) {
		pieces[n++] = (struct virtqueue_piece){header, net->header_bytes};
		pieces[n++] = (struct virtqueue_piece){p->data, p->len};
	} else {
		pieces[n++] = (struct virtqueue_piece){header, net->header_bytes + p->len};
	}
	for (unsigned i = 0; i < p->n_pieces; i++)
		pieces[n++] = (struct virtqueue_piece){p->piece[i].data, (uint32_t)p->piece[i].len};
	return n;
}

HOT(device) unsigned virtio_net_tx_reclaim(struct virtio_net *net)
{
	unsigned n = 0;
	uint32_t len;
	/* Bounded by what is in flight: nothing is published meanwhile. */
	for (struct pkt *p; (p = virtqueue_get_used(&net->tx, &len)) != NULL; n++)
		pkt_put(p);
	if (n > 0 && net->tx_blocked) {
		net->tx_blocked = false;
		virtqueue_disarm(&net->tx);
		waker_wake(&net->nif.tx);
	}
	return n;
}

void virtio_net_tx_settle(struct virtio_net *net)
{
	uint16_t left;
	/* Each round frees something: arming fails only if the device was done with more. */
	do {
		virtio_net_tx_reclaim(net);
		left = virtqueue_in_flight(&net->tx);
		if (!net->tx_blocked && left < TX_LAZY)
			return;
		/* A refused sender wants room soon, everybody else one interrupt for all. */
	} while (virtqueue_arm(&net->tx, net->tx_blocked ? left / 2 + 1 : left) &&
		 net->tx.fault == NULL);
}

/* The queue is full. True if something was freed, else the device will interrupt for us. */
static bool make_room(struct virtio_net *net)
{
	virtqueue_kick(&net->tx);
	if (virtio_net_tx_reclaim(net) > 0)
		return true;
	net->tx_blocked = true; /* before arming: the handler reads it */
	virtio_net_tx_settle(net);
	return !net->tx_blocked;
}

static bool is_sendable(const struct virtio_net *net, const struct pkt *p, size_t bytes)
{
	uint32_t max = is_gso(p) ? (uint32_t)VNET_FRAME_MAX : net->frame_max;
	return p->len >= ETH_HEADER_BYTES && pkt_headroom(p) >= net->header_bytes && bytes <= max;
}

HOT(device) enum err virtio_net_send(struct netif *nif, struct pkt *p)
{
	struct virtio_net *net = virtio_net_of(nif);
	struct virtqueue_piece pieces[TX_CHAIN_MAX];
	size_t bytes = pkt_bytes(p);
	if (!net->running)
		return ERR_IO;
	if (!is_sendable(net, p, bytes)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	unsigned n = list_pieces(net, p, pieces);
	enum err e;
	while ((e = virtqueue_add(&net->tx, pieces, n, 0, p)) == ERR_AGAIN && make_room(net))
		;
	if (e == OK) {
		nif->stats.tx_packets++;
		nif->stats.tx_bytes += bytes;
		return OK;
	}
	if (e == ERR_AGAIN)
		nif->stats.tx_full++;
	virtio_net_check_faults(net);
	return net->running ? ERR_AGAIN : ERR_IO;
}

void virtio_net_flush(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	if (!net->running)
		return;
	virtqueue_kick(&net->tx);
	if (virtqueue_in_flight(&net->tx) >= TX_LAZY)
		virtio_net_tx_settle(net);
}
