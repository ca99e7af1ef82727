/* SPDX-License-Identifier: ISC */
#include "bench/instructions/link.h"

#include <string.h>
#include <valgrind/callgrind.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/list.h"

static struct netif link;
static struct pkt_pool *pool;
static struct list coming, arrived;
static link_frame_fn *client;
static bool counting;
static uint64_t frames_in, frames_out;

void link_count(bool on)
{
	if (on != counting) {
		counting = on;
		CALLGRIND_TOGGLE_COLLECT;
	}
}

uint64_t link_frames_in(void)
{
	return frames_in;
}

uint64_t link_frames_out(void)
{
	return frames_out;
}

void link_set_client(link_frame_fn *fn)
{
	client = fn;
}

bool link_has_checksums(void)
{
	return (link.features & NETIF_CSUM_TX) != 0;
}

bool link_coalesces(void)
{
	return (link.features & NETIF_COALESCE) != 0;
}

static struct pkt *packet_of(const uint8_t *bytes, size_t len)
{
	struct pkt *p = pkt_alloc(pool, 0);

	assert(p != NULL && len <= pkt_tailroom(p));
	memcpy(pkt_append(p, (uint32_t)len), bytes, len);
	return p;
}

/* A frame longer than a buffer is a run of packets, as from a device that fills whole buffers. */
void link_inject(const uint8_t *frame, size_t len)
{
	size_t first = MIN(len, pool->buf_bytes);
	struct pkt *p = packet_of(frame, first), *last = p;

	assert(first == len || link_coalesces());
	for (size_t at = first; at < len; at += pool->buf_bytes) {
		struct pkt *more = packet_of(frame + at, MIN(len - at, pool->buf_bytes));
		pkt_extend_run(p, last, more);
		last = more;
	}
	if (link_has_checksums())
		p->flags |= PKT_CSUM_OK;
	list_push_back(&coming, &p->node);
}

bool link_is_idle(void)
{
	return list_empty(&arrived);
}

bool link_deliver(void)
{
	if (!link_is_idle()) /* more than it takes in a batch: it goes on by itself */
		return true;
	if (list_empty(&coming))
		return false;
	list_take(&arrived, &coming);
	waker_wake(&link.rx);
	return true;
}

/* --- the device ------------------------------------------------------------------------------ */

static enum err start(struct netif *nif)
{
	nif->link_up = true;
	return OK;
}

static void stop(struct netif *nif)
{
	(void)nif;
}

static void show(const struct pkt *p)
{
	static uint8_t frame[LINK_TSO_BYTES + 256];
	size_t len = 0;

	assert(pkt_bytes(p) <= sizeof(frame));
	memcpy(frame, p->data, p->len);
	len = p->len;
	for (unsigned i = 0; i < p->n_pieces; i++) {
		memcpy(frame + len, p->piece[i].data, p->piece[i].len);
		len += p->piece[i].len;
	}
	client(frame, len);
}

/* Freeing the packet is counted: whoever sent it pays for what it refers to. */
static enum err send_frame(struct netif *nif, struct pkt *p)
{
	bool was = counting;

	link_count(false);
	(void)nif;
	frames_out += was;
	if (client != NULL)
		show(p);
	link_count(was);
	pkt_put(p);
	return OK;
}

static void flush(struct netif *nif)
{
	(void)nif;
}

static struct pkt *receive(struct netif *nif)
{
	struct list *node = list_pop_front(&arrived);

	(void)nif;
	frames_in += node != NULL && counting;
	return node != NULL ? list_entry(node, struct pkt, node) : NULL;
}

static bool rx_arm(struct netif *nif)
{
	(void)nif;
	return !list_empty(&arrived);
}

enum err link_connect(struct netif **self, struct pkt_pool *rx, unsigned offload)
{
	static const struct netif_ops ops = {.start = start,
					     .stop = stop,
					     .send = send_frame,
					     .flush = flush,
					     .recv = receive,
					     .rx_arm = rx_arm};
	link = (struct netif){.ops = &ops,
			      .name = "link",
			      .mac = {2, 0, 0, 0, 0, 1},
			      .mtu = LINK_MTU,
			      .features = NETIF_SG,
			      .tso_bytes = LINK_TSO_BYTES};
	if (offload >= LINK_CHECKSUMS)
		link.features |= NETIF_CSUM_TX | NETIF_CSUM_RX;
	if (offload == LINK_ALL)
		link.features |= NETIF_TSO4 | NETIF_COALESCE;
	list_init(&coming);
	list_init(&arrived);
	pool = rx;
	*self = &link;
	return OK;
}
