/* SPDX-License-Identifier: ISC */
#include "tests/fakes/netif_fake.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "base/checksum.h"

enum {
	ETH_BYTES = 14,
	IPV6_BYTES = 40,
	TCP_FIN = 0x01,
	TCP_PSH = 0x08,
	TCP_CWR = 0x80,
};

static struct netif_fake *fake_of(struct netif *nif)
{
	return container_of(nif, struct netif_fake, netif);
}

static struct pkt *pop(struct list *queue, unsigned *count)
{
	struct list *node = list_pop_front(queue);
	if (node == NULL)
		return NULL;
	--*count;
	return list_entry(node, struct pkt, node);
}

/* --- the wire -------------------------------------------------------------------------------- */

size_t netif_fake_flatten(const struct pkt *p, uint8_t *out, size_t max)
{
	size_t at = p->len;
	assert(at <= max);
	memcpy(out, p->data, p->len);
	for (unsigned i = 0; i < p->n_pieces; i++) {
		assert(p->piece[i].len <= max - at);
		memcpy(out + at, p->piece[i].data, p->piece[i].len);
		at += p->piece[i].len;
	}
	return at;
}

static void deliver(struct netif_fake *from, uint8_t *frame, size_t len)
{
	struct netif_fake *to = from->peer;
	if (from->on_wire != NULL && from->on_wire(from, frame, len)) {
		from->lost++;
		return;
	}
	uint8_t flags = to->rx_flags;
	if ((to->netif.features & NETIF_CSUM_RX) != 0)
		to->rx_flags |= PKT_CSUM_OK;
	(void)netif_fake_inject(to, frame, len);
	to->rx_flags = flags;
}

static void finish_checksum(uint8_t *frame, size_t len, size_t start, size_t offset)
{
	assert(start + offset + 2 <= len);
	uint16_t checksum = csum_fold(csum_add(0, frame + start, len - start));
	csum_store(frame + start + offset, checksum != 0 ? checksum : UINT16_MAX);
}

/* The same for the network header, of either version. Returns the transport's, with the sum of its
 * pseudo-header but for its length. */
static uint8_t *fix_network_header(uint8_t *frame, size_t len, unsigned n, uint32_t *sum)
{
	uint8_t *ip = frame + ETH_BYTES;
	if (ip[0] >> 4 == 6) {
		store_be16(ip + 4, (uint16_t)(len - ETH_BYTES - IPV6_BYTES));
		*sum = csum_add_u16(csum_add(0, ip + 8, 32), ip[6]);
		return ip + IPV6_BYTES;
	}
	uint8_t *tcp = ip + (ip[0] & 15) * 4;
	store_be16(ip + 2, (uint16_t)(len - ETH_BYTES));
	store_be16(ip + 4, (uint16_t)(load_be16(ip + 4) + n));
	store_be16(ip + 10, 0);
	csum_store(ip + 10, csum_fold(csum_add(0, ip, (size_t)(tcp - ip))));
	*sum = csum_add_u16(csum_add(0, ip + 12, 8), ip[9]);
	return tcp;
}

/* Turns the header of the whole into that of the segment `n`, whose payload follows it. */
static void fix_segment_header(uint8_t *frame, size_t header, size_t len, unsigned n, uint32_t done,
			       bool last)
{
	uint32_t sum;
	uint8_t *tcp = fix_network_header(frame, len, n, &sum);
	size_t tcp_bytes = len - (size_t)(tcp - frame);
	assert(header <= len);
	store_be32(tcp + 4, load_be32(tcp + 4) + done);
	if (!last)
		tcp[13] &= (uint8_t) ~(TCP_FIN | TCP_PSH);
	if (n > 0)
		tcp[13] &= (uint8_t)~TCP_CWR;
	store_be16(tcp + 16, 0);
	csum_store(tcp + 16,
		   csum_fold(csum_add(csum_add_u16(sum, (uint16_t)tcp_bytes), tcp, tcp_bytes)));
}

static void deliver_segments(struct netif_fake *f, const struct pkt *p, const uint8_t *whole,
			     size_t len)
{
	static uint8_t segment[NETIF_FAKE_FRAME_MAX];
	size_t header = p->gso_header;
	unsigned n = 0;
	assert(p->gso_bytes > 0 && header < len && (p->flags & PKT_CSUM_PARTIAL) != 0);
	assert(header + p->gso_bytes <= (size_t)f->netif.mtu + ETH_BYTES);
	for (size_t done = 0; header + done < len; n++) {
		size_t payload = MIN(p->gso_bytes, len - header - done);
		memcpy(segment, whole, header);
		memcpy(segment + header, whole + header + done, payload);
		fix_segment_header(segment, header, header + payload, n, (uint32_t)done,
				   header + done + payload == len);
		deliver(f, segment, header + payload);
		done += payload;
	}
}

static void transmit(struct netif_fake *f, const struct pkt *p)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	size_t len = netif_fake_flatten(p, frame, sizeof(frame));
	if ((p->flags & (PKT_GSO_TCP4 | PKT_GSO_TCP6)) != 0) {
		deliver_segments(f, p, frame, len);
		return;
	}
	if ((p->flags & PKT_CSUM_PARTIAL) != 0)
		finish_checksum(frame, len, p->csum_start, p->csum_offset);
	deliver(f, frame, len);
}

/* --- the interface --------------------------------------------------------------------------- */

static enum err start(struct netif *nif)
{
	struct netif_fake *f = fake_of(nif);
	if (f->start_error != OK)
		return f->start_error;
	f->started = true;
	f->armed = true;
	nif->link_up = true;
	return OK;
}

static void stop(struct netif *nif)
{
	netif_fake_fini(fake_of(nif));
}

static enum err send(struct netif *nif, struct pkt *p)
{
	struct netif_fake *f = fake_of(nif);
	bool gso = (p->flags & (PKT_GSO_TCP4 | PKT_GSO_TCP6)) != 0;
	assert(f->started);
	assert((p->flags & PKT_GSO_TCP4) == 0 || (nif->features & NETIF_TSO4) != 0);
	assert((p->flags & PKT_GSO_TCP6) == 0 || (nif->features & NETIF_TSO6) != 0);
	if (f->send_error != OK)
		return f->send_error;
	if (!gso && pkt_bytes(p) > (size_t)nif->mtu + ETH_BYTES)
		return ERR_INVALID;
	if (f->n_sent >= f->queue_max) {
		f->was_full = true;
		COUNT(nif->stats.tx_full);
		return ERR_AGAIN;
	}
	COUNT(nif->stats.tx_packets);
	COUNT_BY(nif->stats.tx_bytes, pkt_bytes(p));
	list_push_back(&f->sent, &p->node);
	f->n_sent++;
	return OK;
}

static void has_room(struct netif_fake *f)
{
	if (!f->was_full)
		return;
	f->was_full = false;
	waker_wake(&f->netif.tx);
}

static void flush(struct netif *nif)
{
	struct netif_fake *f = fake_of(nif);
	struct pkt *p;
	f->flushes++;
	if (f->peer == NULL)
		return;
	while ((p = pop(&f->sent, &f->n_sent)) != NULL) {
		transmit(f, p);
		pkt_put(p);
	}
	has_room(f);
}

static struct pkt *recv(struct netif *nif)
{
	struct netif_fake *f = fake_of(nif);
	return pop(&f->rx, &f->n_rx);
}

static bool rx_arm(struct netif *nif)
{
	struct netif_fake *f = fake_of(nif);
	f->armed = true;
	return !list_empty(&f->rx);
}

static const struct netif_ops ops = {
	.start = start,
	.stop = stop,
	.send = send,
	.flush = flush,
	.recv = recv,
	.rx_arm = rx_arm,
};

/* --- what tests call ------------------------------------------------------------------------- */

void netif_fake_init(struct netif_fake *f, const char *name, uint8_t last, struct pkt_pool *pool,
		     uint32_t features)
{
	*f = (struct netif_fake){
		.netif = {.ops = &ops,
			  .name = name,
			  .mac = {0x52, 0x54, 0, 0, 0, last},
			  .mtu = 1500,
			  .features = features},
		.pool = pool,
		.queue_max = 256,
		.rx_headroom = PKT_HEADROOM,
	};
	if ((features & (NETIF_TSO4 | NETIF_TSO6)) != 0)
		f->netif.tso_bytes = 64000;
	list_init(&f->rx);
	list_init(&f->sent);
}

void netif_fake_fini(struct netif_fake *f)
{
	struct pkt *p;
	while ((p = pop(&f->rx, &f->n_rx)) != NULL)
		pkt_put(p);
	while ((p = pop(&f->sent, &f->n_sent)) != NULL)
		pkt_put(p);
	f->started = false;
}

void netif_fake_wire(struct netif_fake *a, struct netif_fake *b)
{
	a->peer = b;
	b->peer = a;
}

/* A packet with up to `max` of the bytes at *frame, which moves on. */
static struct pkt *fill(struct netif_fake *f, uint32_t headroom, const uint8_t **frame, size_t *len,
			size_t max)
{
	struct pkt *p = pkt_alloc(f->pool, headroom);
	size_t n = MIN(*len, max);
	if (p == NULL || n > pkt_tailroom(p)) {
		if (p != NULL)
			pkt_put(p);
		return NULL;
	}
	memcpy(pkt_append(p, (uint32_t)n), *frame, n);
	*frame += n;
	*len -= n;
	return p;
}

static bool add_chunk(struct netif_fake *f, struct pkt *p, const uint8_t **frame, size_t *len)
{
	struct pkt *chunk = fill(f, 0, frame, len, f->rx_chunk_max);
	if (chunk == NULL)
		return false;
	if (f->rx_runs) {
		struct pkt *last = p;
		while (last->more != NULL)
			last = last->more;
		pkt_extend_run(p, last, chunk);
		return true;
	}
	bool added = pkt_add_piece(p, pkt_slice(chunk, 0));
	pkt_put(chunk); /* the piece holds it now */
	return added;
}

bool netif_fake_inject(struct netif_fake *f, const void *frame, size_t len)
{
	const uint8_t *at = frame;
	size_t left = len;
	bool whole = f->rx_first_max == 0;
	struct pkt *p = fill(f, f->rx_headroom, &at, &left, whole ? len : f->rx_first_max);
	bool ok = p != NULL;
	while (ok && left > 0)
		ok = add_chunk(f, p, &at, &left);
	if (!ok) {
		COUNT(f->netif.stats.rx_dropped);
		if (p != NULL)
			pkt_put(p);
		return false;
	}
	p->flags = f->rx_flags;
	COUNT(f->netif.stats.rx_packets);
	COUNT_BY(f->netif.stats.rx_bytes, len);
	list_push_back(&f->rx, &p->node);
	f->n_rx++;
	if (f->armed) { /* the interrupt handler silences the device and wakes */
		f->armed = false;
		waker_wake(&f->netif.rx);
	}
	return true;
}

struct pkt *netif_fake_take(struct netif_fake *f)
{
	assert(f->peer == NULL);
	struct pkt *p = pop(&f->sent, &f->n_sent);
	if (p != NULL)
		has_room(f);
	return p;
}

size_t netif_fake_take_bytes(struct netif_fake *f, uint8_t *out, size_t max)
{
	struct pkt *p = netif_fake_take(f);
	if (p == NULL)
		return 0;
	size_t len = netif_fake_flatten(p, out, max);
	pkt_put(p);
	return len;
}
