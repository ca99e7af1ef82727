/* SPDX-License-Identifier: ISC */
/*
 * Receiving: section 5.1.6.3 and 5.1.6.4.
 *
 * The device owns a buffer from post() until virtqueue_get_used(). Each buffer that leaves with a
 * frame is replaced by a fresh one first; if there is none, the frame is dropped and its buffers
 * go back, so the number that the device has never falls.
 */
#include "base/bytes.h"
#include "drivers/net/virtio_net/virtio_net_internal.h"
#include "drivers/net/virtio_net/virtio_net_regs.h"

enum {
	/* A frame in several buffers has all of its headers in the first, which must hold these. */
	RX_FIRST_MIN = ETH_HEADER_BYTES + 60 + 60,
};

static void post(struct virtio_net *net, struct pkt *p)
{
	uint8_t *start = virtio_net_rx_start(net, p);
	uint32_t room = virtio_net_rx_room(net), header = net->header_bytes;
	struct virtqueue_piece whole[] = {{start, room}};
	struct virtqueue_piece apart[] = {{start, header}, {start + header, room - header}};
	enum err e = net->header_apart ? virtqueue_add(&net->rx, apart, 0, 2, p)
				       : virtqueue_add(&net->rx, whole, 0, 1, p);
	if (e != OK) /* after a fault: the reset that follows fills the queue anew */
		pkt_put(p);
}

static uint16_t posted(const struct virtio_net *net)
{
	return virtqueue_in_flight(&net->rx) + virtqueue_unpublished(&net->rx);
}

static bool post_fresh(struct virtio_net *net)
{
	struct pkt *fresh = pkt_alloc(net->rx_pool, 0);
	if (fresh == NULL)
		return false;
	post(net, fresh);
	return true;
}

unsigned virtio_net_rx_fill(struct virtio_net *net)
{
	while (net->rx.fault == NULL && posted(net) < net->rx_target) {
		if (!post_fresh(net))
			break;
	}
	return posted(net);
}

/* Takes the frame's next buffer of `len` bytes into `p`, or gives it back if !keep. */
static bool take_further(struct virtio_net *net, struct pkt *p, struct pkt *further, uint32_t len,
			 bool keep)
{
	if (!keep || p->n_pieces == PKT_PIECES_MAX || !post_fresh(net)) {
		post(net, further);
		return false;
	}
	further->data = virtio_net_rx_start(net, further);
	further->len = len;
	keep = pkt_add_piece(p, pkt_slice(further, 0));
	pkt_put(further); /* the piece holds it now */
	return keep;
}

/* Collects the rest of a frame of `n` buffers. False: it is to be dropped. */
static bool gather(struct virtio_net *net, struct pkt *p, uint16_t n)
{
	bool keep = p->len >= RX_FIRST_MIN;
	for (uint16_t i = 1; i < n; i++) {
		uint32_t len;
		struct pkt *further = virtqueue_get_used(&net->rx, &len);
		if (further == NULL) {
			/* Section 5.1.6.4: all buffers of a frame are used together. */
			virtqueue_fail(&net->rx, "frame with fewer buffers than it says");
			return false;
		}
		keep = take_further(net, p, further, len, keep);
	}
	if (!keep)
		net->nif.stats.rx_dropped++;
	return keep;
}

/* Reads the virtio header in front of the frame. False: the frame is malformed. */
static bool read_header(struct virtio_net *net, struct pkt *p, uint16_t *n_buffers)
{
	const uint8_t *header = p->data - net->header_bytes;
	uint8_t flags = header[VIRTIO_NET_HDR_FLAGS];
	*n_buffers = 1;
	if (net->mergeable)
		*n_buffers = load_le16(header + VIRTIO_NET_HDR_NUM_BUFFERS);
	p->flags = 0;
	/*
	 * NEEDS_CSUM: it never was on a wire, its checksum is not even complete. DATA_VALID: the
	 * device checked it. Neither means anything unless negotiated (section 5.1.6.4.2).
	 */
	if ((net->nif.features & NETIF_CSUM_RX) != 0 &&
	    (flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID)) != 0)
		p->flags = PKT_CSUM_OK;
	return *n_buffers > 0 && header[VIRTIO_NET_HDR_GSO_TYPE] == VIRTIO_NET_HDR_GSO_NONE;
}

/* Whether `p`, in whose first buffer the device wrote `len` bytes, is a frame to hand up. */
static bool accept(struct virtio_net *net, struct pkt *p, uint32_t len)
{
	uint16_t n_buffers = 1;
	bool intact = len >= (uint32_t)net->header_bytes + ETH_HEADER_BYTES;
	p->data = p->buf + RX_FRAME_OFFSET;
	p->len = intact ? len - net->header_bytes : 0;
	if (!intact || !read_header(net, p, &n_buffers)) {
		net->nif.stats.rx_errors++;
		return false;
	}
	if (n_buffers > 1 && !gather(net, p, n_buffers))
		return false;
	if (pkt_bytes(p) > net->frame_max || !post_fresh(net)) {
		net->nif.stats.rx_dropped++;
		return false;
	}
	return true;
}

/* What is done once for a batch: publishing buffers, freeing what was sent, looking for faults. */
static void end_batch(struct virtio_net *net)
{
	virtio_net_rx_fill(net);
	virtqueue_kick(&net->rx);
	virtio_net_tx_settle(net);
	virtio_net_check_config(net);
	virtio_net_check_faults(net);
}

struct pkt *virtio_net_recv(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	uint32_t len;
	if (!net->running)
		return NULL;
	/* Bounded by what is in flight: a dropped frame's buffer is not shown to the device here.
	 */
	for (struct pkt *p; (p = virtqueue_get_used(&net->rx, &len)) != NULL; post(net, p)) {
		if (accept(net, p, len)) {
			nif->stats.rx_packets++;
			nif->stats.rx_bytes += pkt_bytes(p);
			if (virtqueue_unpublished(&net->rx) >= net->rx_target / 4)
				virtqueue_kick(&net->rx);
			return p;
		}
		pkt_trim(p, 0); /* drops the further pieces */
	}
	end_batch(net);
	return NULL;
}

bool virtio_net_rx_arm(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	if (!net->running)
		return false;
	virtqueue_kick(&net->rx);
	return virtqueue_arm(&net->rx, 1);
}
