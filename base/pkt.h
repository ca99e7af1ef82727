/* SPDX-License-Identifier: ISC */
/*
 * A packet: one fixed buffer, and possibly further pieces of payload elsewhere.
 *
 *      buf            data          data+len       buf+buf_bytes
 *       |  headroom    |  first piece  |  tailroom     |     + piece[0] … piece[n-1]
 *
 * Headers always lie in the first piece; only payload may continue in further pieces.
 * A layer that receives trims from the front (pkt_pull); a layer that sends writes its
 * header into the headroom (pkt_push). Pieces are slices: they point to a received
 * packet's buffer, to a send queue's memory or to an embedded file, and hold a
 * reference on it until the packet is freed. So payload is never copied on its way.
 *
 * What a device has put together from several TCP segments that it received is a run of
 * packets: `more` leads to the next one, whose bytes go on where those of this one end. Only
 * the first has headers and flags and knows how many bytes are behind it, only the first is
 * queued, and the run is freed with it, unless its packets have been taken apart
 * (pkt_split_run). Devices make no runs of anything but TCP, so nobody else gets to see one.
 *
 * Packets come from a struct pkt_pool that the configuration sized. A packet is itself
 * reference-counted: `ref` is what slices into its buffer name as owner. Functions that
 * take a packet say whether they borrow it (until return) or are given it. Packets live
 * in the event loop; drivers touch them there too, never in an interrupt handler.
 */
#ifndef BASE_PKT_H
#define BASE_PKT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/slice.h"

enum {
	PKT_PIECES_MAX = BY_MEMORY(3, 8),
/*
 * Room for every header of TCP over IPv6 over Ethernet, with options, and a virtio header;
 * on a small board that has none of those but a minimal IPv4, for those of TCP over that.
 */
#ifdef PLAIN_IPV4
	PKT_HEADROOM = 96,
#else
	PKT_HEADROOM = 128,
#endif
};

/* What a device did, or is asked to do, so that software need not. */
enum pkt_flag {
	/* Received: the device checked the transport checksum (or nothing can have damaged it). */
	PKT_CSUM_OK = 1 << 0,
	/*
	 * To send: the device is to fill in the 16-bit checksum at csum_start + csum_offset
	 * over everything from csum_start; the field holds the folded pseudo-header sum, not
	 * inverted. Only for a netif that has NETIF_CSUM_TX.
	 */
	PKT_CSUM_PARTIAL = 1 << 1,
	/* To send: the device is to cut the TCP payload into segments of gso_bytes each. */
	PKT_GSO_TCP4 = 1 << 2,
	PKT_GSO_TCP6 = 1 << 3,
};

struct pkt_pool;

struct pkt {
	struct list node; /* for whichever queue holds the packet; means nothing in none */
	struct ref ref;
	struct pkt_pool *pool;
	struct pkt *more;    /* the rest of a run, or NULL */
	uint8_t *buf;        /* the buffer, CACHE_LINE_BYTES aligned */
	uint8_t *data;       /* the first byte in use */
	uint32_t len;        /* bytes of the first piece */
	uint32_t rest_bytes; /* behind the first piece: in the others, and in the run behind it */
	uint16_t l3, l4;     /* received: offsets from buf of the network and transport headers */
	uint8_t flags;       /* enum pkt_flag */
	uint8_t n_pieces;
	uint16_t csum_start;  /* offset from data */
	uint16_t csum_offset; /* from csum_start */
	union {
		struct {                     /* to send: */
			uint16_t gso_bytes;  /* TCP payload bytes a segment */
			uint16_t gso_header; /* of all headers, from data to the TCP payload */
		};
		uint32_t user; /* received: for the layer that holds it (a sequence number) */
	};
	uint32_t buf_bytes; /* size of the buffer */
	struct slice piece[PKT_PIECES_MAX];
};

/*
 * Pieces of packets that are received: those that fragments have come in, which a minimal IPv4 does
 * not take.
 */
#ifdef PLAIN_IPV4
#define PKT_RX_PIECES 0
struct pkt_pool {
	struct pool pool;
	uint16_t buf_bytes;
	uint16_t pieces; /* that a packet has room for */
};
#else
#define PKT_RX_PIECES PKT_PIECES_MAX
struct pkt_pool {
	struct pool pool;
	uint32_t buf_bytes;
};
#endif

/* That a packet has room for. */
ALWAYS_INLINE unsigned pkt_pieces_max(const struct pkt_pool *pool)
{
#ifdef PLAIN_IPV4
	return pool->pieces;
#else
	(void)pool;
	return PKT_PIECES_MAX;
#endif
}

/* Bytes of memory that a pool of `count` packets with buffers of `buf_bytes` takes, and one for
 * what is received. */
#define PKT_HEADER_BYTES(pieces)                                                                   \
	ROUND_UP(offsetof(struct pkt, piece) + (pieces) * sizeof(struct slice), CACHE_LINE_BYTES)
#define PKT_STRIDE(buf_bytes, pieces)                                                              \
	(PKT_HEADER_BYTES(pieces) + ROUND_UP((size_t)(buf_bytes), CACHE_LINE_BYTES))
#define PKT_POOL_BYTES(count, buf_bytes)    ((count)*PKT_STRIDE(buf_bytes, PKT_PIECES_MAX))
#define PKT_RX_POOL_BYTES(count, buf_bytes) ((count)*PKT_STRIDE(buf_bytes, PKT_RX_PIECES))

/*
 * Makes a pool of `count` packets in `memory`, PKT_POOL_BYTES(count, buf_bytes) bytes,
 * CACHE_LINE_BYTES aligned (asserted), which must outlive the pool.
 */
void pkt_pool_init(struct pkt_pool *pool, void *memory, uint32_t count, uint32_t buf_bytes);

/* The same of packets to receive into, in PKT_RX_POOL_BYTES(count, buf_bytes). */
void pkt_rx_pool_init(struct pkt_pool *pool, void *memory, uint32_t count, uint32_t buf_bytes);

/*
 * A new, empty packet whose data begins `headroom` bytes into the buffer, with one
 * reference, the caller's; or NULL when the pool is empty.
 */
MUST_USE struct pkt *pkt_alloc(struct pkt_pool *pool, uint32_t headroom);

/* The same with PKT_HEADROOM, for what is up to `bytes` long; NULL also if buffers have no room for
 * that. */
MUST_USE struct pkt *pkt_alloc_message(struct pkt_pool *pool, uint32_t bytes);

/* Drops one reference; the last one frees the packet, the run behind it and the pieces' owners. */
static inline void pkt_put(struct pkt *p)
{
	ref_put(&p->ref);
}

/* The same of the first packet of a run, of which the others are returned; NULL: there are none. */
struct pkt *pkt_put_first(struct pkt *p);

static inline uint32_t pkt_headroom(const struct pkt *p)
{
	return (uint32_t)(p->data - p->buf);
}

static inline uint32_t pkt_tailroom(const struct pkt *p)
{
	return p->buf_bytes - pkt_headroom(p) - p->len;
}

/* Whether a slice with owner `ref`, which may be NULL, keeps a packet from its pool. */
bool pkt_is_owner(const struct ref *ref);

/* Bytes of the whole packet: all pieces, and the run behind it. */
static inline size_t pkt_bytes(const struct pkt *p)
{
	return (size_t)p->len + p->rest_bytes;
}

/* Bytes of the pieces behind the first, without the run. */
static inline uint32_t pkt_piece_bytes(const struct pkt *p)
{
	size_t bytes = 0;
	for (unsigned i = 0; i < p->n_pieces; i++)
		bytes += p->piece[i].len;
	return (uint32_t)bytes;
}

/* Adds packet `more`, which is given and whole, to the run of `first`, of which `last` is the last
 * one. */
static inline void pkt_extend_run(struct pkt *first, struct pkt *last, struct pkt *more)
{
	last->more = more;
	first->rest_bytes += more->len + more->rest_bytes;
}

/* Takes the first packet of a run away from those behind it and returns them, which are now the
 * caller's; or NULL. */
MUST_USE static inline struct pkt *pkt_split_run(struct pkt *p)
{
	struct pkt *more = p->more;
	if (more != NULL) {
		uint32_t own = pkt_piece_bytes(p);
		more->rest_bytes = p->rest_bytes - own - more->len;
		p->rest_bytes = own;
		p->more = NULL;
	}
	return more;
}

/* Makes room for `n` bytes in front and returns it. Asserts the headroom. */
HOT(output) static inline uint8_t *pkt_push(struct pkt *p, uint32_t n)
{
	assert(n <= pkt_headroom(p));
	p->data -= n;
	p->len += n;
	return p->data;
}

/* Removes `n` bytes of the first piece from the front. Asserts that it has them. */
BRIEF void pkt_pull(struct pkt *p, uint32_t n)
{
	assert(n <= p->len);
	p->data += n;
	p->len -= n;
}

/*
 * pkt_push() for the header of a layer below the one that asked for offloads: csum_start and
 * gso_header, which count from data, keep naming the same bytes. (They mean nothing in a packet
 * that asks for none.) pkt_pop_header() undoes it.
 */
HOT(output) static inline uint8_t *pkt_push_header(struct pkt *p, uint32_t n)
{
	p->csum_start = (uint16_t)(p->csum_start + n);
	p->gso_header = (uint16_t)(p->gso_header + n);
	return pkt_push(p, n);
}

static inline void pkt_pop_header(struct pkt *p, uint32_t n)
{
	p->csum_start = (uint16_t)(p->csum_start - n);
	p->gso_header = (uint16_t)(p->gso_header - n);
	assert(n <= p->len);
	p->data += n;
	p->len -= n;
}

/* Makes room for `n` bytes behind the first piece and returns it. Asserts the tailroom. */
static inline uint8_t *pkt_append(struct pkt *p, uint32_t n)
{
	assert(n <= pkt_tailroom(p));
	uint8_t *at = p->data + p->len;
	p->len += n;
	return at;
}

/*
 * Adds a piece of payload and takes a reference on its owner. False, with nothing
 * changed, if the packet has no room for one more. An empty slice adds nothing.
 */
MUST_USE bool pkt_add_piece(struct pkt *p, struct slice s);

/* The same of a packet to send that has no piece yet, and a slice that is not empty. */
static inline void pkt_add_first_piece(struct pkt *p, struct slice s)
{
	ref_get(s.owner);
	p->piece[0] = s;
	p->n_pieces = 1;
	p->rest_bytes = (uint32_t)s.len;
}

/*
 * Cuts the packet to its first `len` bytes, dropping pieces and packets of the run past them: for
 * padding behind a network-layer length. Longer than the packet changes nothing.
 */
void pkt_trim(struct pkt *p, size_t len);

/* Adds the bytes of the whole packet, pieces and runs of any length, to a checksum
 * (base/checksum.h). */
uint32_t pkt_csum(uint32_t sum, const struct pkt *p);

/*
 * Slice number `i` (0 is the first piece's buffer) as bytes with the owner that keeps
 * them alive. Valid for i <= n_pieces.
 */
HOT(device) static inline struct slice pkt_slice(struct pkt *p, unsigned i)
{
	assert(i <= p->n_pieces);
	if (i == 0)
		return (struct slice){.data = p->data, .len = p->len, .owner = &p->ref};
	return p->piece[i - 1];
}

#endif
