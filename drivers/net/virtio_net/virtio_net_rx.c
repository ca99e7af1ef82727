/* SPDX-License-Identifier: ISC */
/*
 * Receiving: section 5.1.6.3 and 5.1.6.4.
 *
 * The device owns a buffer from post() until virtqueue_get_used(). Each buffer that leaves with a
 * frame is replaced by a fresh one first; if there is none, the frame is dropped and its buffers
 * go back, so the number that the device has never falls.
 */
#define HOT_FILE

#include "base/bytes.h"
#include "drivers/net/virtio_net/virtio_net_internal.h"

HOT(device) static void post(struct virtio_net *net, struct pkt *p)
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

HOT(device) static bool post_fresh(struct virtio_net *net)
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

/* A frame that is being taken out of the queue. */
struct frame {
	struct pkt *first, *last; /* its packets: more than one only if it is a run */
	uint32_t bytes;
	uint32_t bytes_max;
	uint16_t n_buffers;
	bool run; /* of coalesced segments: each further buffer stays a packet */
};

/* Appends a further buffer's packet, which is given. False: there is no room for another. */
static bool append(struct frame *f, struct pkt *further)
{
	if (f->run) {
		pkt_extend_run(f->first, f->last, further);
		f->last = further;
		return true;
	}
	bool added = pkt_add_piece(f->first, pkt_slice(further, 0));
	pkt_put(further); /* the piece holds it now */
	return added;
}

/*
 * Takes the frame's next buffer of `len` bytes, or gives it back if !keep, or if it is empty, which
 * is odd, but harmless.
 */
static bool take_further(struct virtio_net *net, struct frame *f, struct pkt *further, uint32_t len,
			 bool keep)
{
	keep = keep && len <= f->bytes_max - f->bytes;
	if (!keep || len == 0 || !post_fresh(net)) {
		post(net, further);
		return keep && len == 0;
	}
	further->data = virtio_net_rx_start(net, further);
	further->len = len;
	f->bytes += len;
	return append(f, further);
}

/* Collects the rest of a frame, which is worth it if `keep`. False: it is to be dropped. */
static bool gather(struct virtio_net *net, struct frame *f, bool keep)
{
	keep = keep && f->bytes <= f->bytes_max &&
	       (f->n_buffers == 1 || f->bytes >= VNET_FIRST_MIN);
	for (uint16_t i = 1; i < f->n_buffers; i++) {
		uint32_t len;
		struct pkt *further = virtqueue_get_used(&net->rx, &len);
		if (further == NULL) {
			/* Section 5.1.6.4: all buffers of a frame are used together. */
			virtqueue_fail(&net->rx, "frame with fewer buffers than it says");
			return false;
		}
		keep = take_further(net, f, further, len, keep);
	}
	return keep;
}

/* Reads the virtio header in front of the frame. False: the frame is malformed. */
static bool read_header(const struct virtio_net *net, struct pkt *p, uint32_t len, struct frame *f)
{
	const uint8_t *header = p->buf + RX_FRAME_OFFSET - net->header_bytes;
	bool whole = len >= (uint32_t)net->header_bytes + ETH_HEADER_BYTES;
	enum vnet_kind kind = VNET_MALFORMED;
	p->data = p->buf + RX_FRAME_OFFSET;
	p->len = whole ? len - net->header_bytes : 0;
	if (whole)
		kind = vnet_parse(header, p, net->nif.features);
	*f = (struct frame){
		.first = p,
		.last = p,
		.bytes = p->len,
		.bytes_max = kind == VNET_COALESCED ? (uint32_t)VNET_FRAME_MAX : net->frame_max,
		.n_buffers = whole && net->mergeable ? load_le16(header + VNET_NUM_BUFFERS) : 1,
		.run = kind == VNET_COALESCED,
	};
	return kind != VNET_MALFORMED && f->n_buffers > 0;
}

/* The bytes of the frame of which `p` is the first buffer, with `len` bytes; 0: it is dropped. */
static uint32_t accept(struct virtio_net *net, struct pkt *p, uint32_t len)
{
	struct frame f;
	bool sound = read_header(net, p, len, &f);
	if (gather(net, &f, sound) && post_fresh(net))
		return f.bytes;
	if (sound)
		net->nif.stats.rx_dropped++;
	else
		net->nif.stats.rx_errors++;
	return 0;
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

HOT(device) struct pkt *virtio_net_recv(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	uint32_t len;
	if (!net->running)
		return NULL;
	/* Bounded by what is in flight: a dropped frame's buffer is not shown to the device here.
	 */
	for (struct pkt *p; (p = virtqueue_get_used(&net->rx, &len)) != NULL; post(net, p)) {
		uint32_t bytes = accept(net, p, len);
		if (bytes > 0) {
			nif->stats.rx_packets++;
			nif->stats.rx_bytes += bytes;
			if (virtqueue_unpublished(&net->rx) >= net->rx_target / 4)
				virtqueue_kick(&net->rx);
			return p;
		}
		pkt_trim(p, 0); /* drops further pieces and packets */
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

void virtio_net_interrupt(void *arg)
{
	struct virtio_net *net = arg;
	uint32_t why = virtio_interrupt(net->dev);
	if (why == 0 || !net->running) /* a device may interrupt whenever it likes */
		return;
	if ((why & VIRTIO_INTERRUPT_CONFIG) != 0)
		net->config_changed = true;
	/* Which queue it was is not said. The end of the receive batch looks at both. */
	virtqueue_disarm(&net->rx);
	virtqueue_disarm(&net->tx);
	waker_wake(&net->nif.rx);
	if (net->tx_blocked)
		waker_wake(&net->nif.tx);
}
