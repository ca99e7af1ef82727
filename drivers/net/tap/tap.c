/* SPDX-License-Identifier: ISC */
#include "drivers/net/tap/tap.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drivers/net/tap/tap_open.h"
#include "drivers/net/vnet/vnet.h"

enum {
	MTU = 1500,
	FRAME_BYTES_MAX = VNET_ETH_HEADER_BYTES + 4 + MTU, /* with a VLAN tag */
	/* Where a frame begins in its buffer: the IP header is then 4-byte aligned. */
	FRAME_OFFSET = 14,
	RX_DROPS_MAX = 16,
	/* After so many frames in a row that fill one packet at most, the next is likely no longer.
	 */
	SHORT_FRAMES = 64,
};

static struct tap *tap_of(struct netif *nif)
{
	return container_of(nif, struct tap, netif);
}

static bool is_gso(const struct pkt *p)
{
	return (p->flags & (PKT_GSO_TCP4 | PKT_GSO_TCP6)) != 0;
}

/* --- sending --------------------------------------------------------------------------------- */

static ssize_t write_vector(int fd, uint8_t *start, size_t len, const struct pkt *p)
{
	struct iovec v[1 + PKT_PIECES_MAX];

	v[0] = (struct iovec){start, len};
	for (unsigned i = 0; i < p->n_pieces; i++)
		v[1 + i] = (struct iovec){(void *)(uintptr_t)p->piece[i].data, p->piece[i].len};
	return writev(fd, v, 1 + p->n_pieces);
}

/*
 * The kernel copies what it takes. Of a frame no longer than the MTU that costs less, by some 100
 * ns, if its pieces have been put together than if the kernel goes through a vector of them.
 */
static ssize_t write_frame(struct tap *t, const struct pkt *p, size_t bytes)
{
	uint8_t *start = p->data - t->header_bytes, *end = t->whole;
	size_t len = t->header_bytes + p->len;

	if (t->header_bytes > 0)
		vnet_emit(start, p);
	if (p->n_pieces == 0)
		return write(t->fd, start, len);
	if (bytes > FRAME_BYTES_MAX)
		return write_vector(t->fd, start, len, p);
	end = (uint8_t *)memcpy(end, start, len) + len;
	for (unsigned i = 0; i < p->n_pieces; i++)
		end = (uint8_t *)memcpy(end, p->piece[i].data, p->piece[i].len) + p->piece[i].len;
	return write(t->fd, t->whole, (size_t)(end - t->whole));
}

/* The kernel did not take the frame. OK: it is lost. */
static enum err not_written(struct tap *t, struct pkt *p)
{
	struct netif_stats *stats = &t->netif.stats;

	if (errno == EAGAIN) {
		stats->tx_full++;
		t->tx_waits = true;
		return ERR_AGAIN;
	}
	stats->tx_errors++;
	if (errno == EBADFD) {
		t->broken = true;
		return ERR_IO;
	}
	/* It drops frames while the interface is down, as a pulled cable would. */
	pkt_put(p);
	return OK;
}

static enum err send_frame(struct netif *nif, struct pkt *p)
{
	struct tap *t = tap_of(nif);
	size_t bytes = pkt_bytes(p);

	if (t->broken)
		return ERR_IO;
	if (bytes > (is_gso(p) ? (size_t)VNET_FRAME_MAX : (size_t)FRAME_BYTES_MAX) ||
	    pkt_headroom(p) < t->header_bytes)
		return ERR_INVALID;
	if (write_frame(t, p, bytes) < 0)
		return not_written(t, p);
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	pkt_put(p);
	return OK;
}

static void flush(struct netif *nif)
{
	(void)nif; /* every frame has gone already */
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Fills place `i` of the spares. False: the pool is empty. */
static bool refill(struct tap *t, unsigned i)
{
	uint32_t offset = i == 0 ? FRAME_OFFSET : 0, header = i == 0 ? t->header_bytes : 0;
	struct pkt *p = pkt_alloc(t->rx, offset);

	t->spare[i] = p;
	if (p == NULL)
		return false;
	t->vector[i] = (struct iovec){p->data - header, header + pkt_tailroom(p)};
	return true;
}

/* What was read to `whole`, as readv() would have put it. */
static void scatter(struct tap *t, size_t bytes)
{
	const uint8_t *from = t->whole;

	for (unsigned i = 0; bytes > 0 && i < t->n_spares; i++) {
		size_t n = MIN(bytes, t->vector[i].iov_len);
		memcpy(t->vector[i].iov_base, from, n);
		from += n;
		bytes -= n;
	}
}

/*
 * Reads a frame to the spares. A vector with room for the longest costs some 140 ns more than one
 * buffer, so that copying a short frame pays; long ones do not come alone.
 */
static ssize_t read_frame(struct tap *t)
{
	bool whole = t->n_short == SHORT_FRAMES;
	ssize_t n;

	if (whole)
		n = read(t->fd, t->whole, sizeof(t->whole));
	else
		n = readv(t->fd, t->vector, t->n_spares);
	if (n < 0)
		return n;
	if (whole)
		scatter(t, (size_t)n);
	if ((size_t)n > t->vector[0].iov_len)
		t->n_short = 0;
	else if (!whole)
		t->n_short++;
	return n;
}

/* Makes the first spares, with `bytes` of a frame in them, a packet or a run. */
static struct pkt *take(struct tap *t, uint32_t bytes)
{
	struct pkt *first = t->spare[0], *last = NULL;

	for (unsigned i = 0; bytes > 0; i++) {
		struct pkt *p = t->spare[i];
		uint32_t n = MIN(bytes, pkt_tailroom(p));
		(void)pkt_append(p, n);
		bytes -= n;
		if (last != NULL)
			pkt_extend_run(first, last, p);
		last = p;
		(void)refill(t, i); /* there are enough: receive() has looked */
	}
	return first;
}

/* How many spares a frame of so many bytes fills. */
static unsigned count_filled(const struct tap *t, uint32_t bytes)
{
	unsigned n = 1;

	for (uint32_t room = pkt_tailroom(t->spare[0]); room < bytes; n++)
		room += t->rx->buf_bytes;
	return n;
}

/* Whether what was read to the spares, `bytes` of a frame, is to be handed up; else it is counted.
 */
static bool accept(struct tap *t, uint32_t bytes)
{
	struct netif *nif = &t->netif;
	struct pkt *first = t->spare[0];
	enum vnet_kind kind = VNET_FRAME;

	if (bytes < VNET_ETH_HEADER_BYTES) {
		nif->stats.rx_errors++;
		return false;
	}
	if (t->header_bytes > 0) {
		first->len = MIN(bytes, pkt_tailroom(first)); /* as far as the check may look */
		kind = vnet_parse(first->data - t->header_bytes, first, nif->features);
		first->len = 0;
	}
	if (kind == VNET_MALFORMED) {
		nif->stats.rx_errors++;
		return false;
	}
	uint32_t max = kind == VNET_COALESCED ? (uint32_t)VNET_FRAME_MAX : FRAME_BYTES_MAX;
	if (bytes > max || count_filled(t, bytes) > pool_available(&t->rx->pool)) {
		nif->stats.rx_dropped++;
		return false;
	}
	return true;
}

/*
 * Without fresh packets a frame is dropped, so that there are always some to read into. What is
 * dropped in one call is bounded; rx_arm() then says that there is more.
 */
static struct pkt *receive(struct netif *nif)
{
	struct tap *t = tap_of(nif);

	t->more = !t->broken;
	for (unsigned tries = 0; t->more && tries < RX_DROPS_MAX; tries++) {
		ssize_t n = read_frame(t);
		if (n < 0) {
			t->more = false;
			return NULL;
		}
		uint32_t bytes = (uint32_t)n - (uint32_t)MIN((size_t)n, (size_t)t->header_bytes);
		if (!accept(t, bytes))
			continue;
		nif->stats.rx_packets++;
		nif->stats.rx_bytes += bytes;
		return take(t, bytes);
	}
	return NULL;
}

/* Edge-triggered: a frame that comes after receive() found none interrupts by itself. */
static bool rx_arm(struct netif *nif)
{
	return tap_of(nif)->more;
}

static void on_activity(void *arg)
{
	struct tap *t = arg;
	waker_wake(&t->netif.rx);
	if (t->tx_waits) {
		t->tx_waits = false;
		waker_wake(&t->netif.tx);
	}
}

/* --- life ------------------------------------------------------------------------------------ */

static void drop_spares(struct tap *t)
{
	for (unsigned i = 0; i < t->n_spares && t->spare[i] != NULL; i++) {
		pkt_put(t->spare[i]);
		t->spare[i] = NULL;
	}
}

static enum err start(struct netif *nif)
{
	struct tap *t = tap_of(nif);

	for (unsigned i = 0; i < t->n_spares; i++) {
		if (!refill(t, i)) {
			drop_spares(t);
			return ERR_NOMEM;
		}
	}
	nif->link_up = true;
	return irq_attach(&t->irq->chip, epoll_irq_add(t->irq, t->fd), IRQ_EDGE_RISING, on_activity,
			  t);
}

static void stop(struct netif *nif)
{
	struct tap *t = tap_of(nif);

	close(t->fd); /* the kernel forgets the watch with it */
	t->broken = true;
	nif->link_up = false;
	drop_spares(t);
}

enum err tap_init(struct tap *t, const char *name, const char *device, const uint8_t mac[static 6],
		  struct pkt_pool *rx, struct epoll_irq *irq)
{
	static const struct netif_ops ops = {.start = start,
					     .stop = stop,
					     .send = send_frame,
					     .flush = flush,
					     .recv = receive,
					     .rx_arm = rx_arm};
	uint32_t run = VNET_RUN_PACKETS(rx->buf_bytes - FRAME_OFFSET);
	bool vnet, coalesce = run <= TAP_SPARES_MAX &&
			      vnet_may_coalesce(rx, rx->buf_bytes - FRAME_OFFSET);

	assert(rx->buf_bytes >= FRAME_OFFSET + FRAME_BYTES_MAX);
	*t = (struct tap){.netif = {.ops = &ops, .name = name, .mtu = MTU}, .rx = rx, .irq = irq};
	memcpy(t->netif.mac, mac, 6);
	enum err e = tap_open(device, coalesce, &t->fd, &vnet);
	if (e != OK)
		return e;
	t->n_spares = (uint8_t)(vnet && coalesce ? run : 1);
	t->netif.features = NETIF_SG;
	if (vnet) {
		t->header_bytes = VNET_BYTES_SHORT;
		t->netif.features |= NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_TSO4 | NETIF_TSO6;
		t->netif.features |= coalesce ? NETIF_COALESCE : 0;
		t->netif.tso_bytes = VNET_TSO_BYTES;
	}
	return OK;
}
