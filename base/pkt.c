/* SPDX-License-Identifier: ISC */
#define HOT_FILE

#include "base/pkt.h"

#include "base/checksum.h"

static void init(struct pkt_pool *pool, void *memory, uint32_t count, uint32_t buf_bytes,
		 uint8_t pieces)
{
	assert((uintptr_t)memory % CACHE_LINE_BYTES == 0);
	buf_bytes = ROUND_UP(buf_bytes, (uint32_t)CACHE_LINE_BYTES);
	pool->buf_bytes = (__typeof__(pool->buf_bytes))buf_bytes;
	assert(pool->buf_bytes == buf_bytes);
#ifdef PLAIN_IPV4
	pool->pieces = pieces;
#endif
	pool_init(&pool->pool, memory, PKT_STRIDE(buf_bytes, pieces), count);
}

void pkt_pool_init(struct pkt_pool *pool, void *memory, uint32_t count, uint32_t buf_bytes)
{
	init(pool, memory, count, buf_bytes, PKT_PIECES_MAX);
}

void pkt_rx_pool_init(struct pkt_pool *pool, void *memory, uint32_t count, uint32_t buf_bytes)
{
	init(pool, memory, count, buf_bytes, PKT_RX_PIECES);
}

/* Frees a packet with more than one piece, or a run behind it. */
HOT(device) static NOINLINE void release_all(struct pkt *p)
{
	for (; p->n_pieces > 1; p->n_pieces--)
		ref_put(p->piece[p->n_pieces - 1].owner);
	/* One after another, however long the run is: each has lost its own before it is freed. */
	for (struct pkt *more = p->more, *next; more != NULL; more = next) {
		next = more->more;
		more->more = NULL;
		pkt_put(more);
	}
	p->more = NULL;
	p->ref.release(&p->ref);
}

HOT(device) static void pkt_release(struct ref *ref)
{
	struct pkt *p = container_of(ref, struct pkt, ref);
	struct ref *owner = NULL;
	if (p->n_pieces > 0 || p->more != NULL) {
		if (UNLIKELY(p->n_pieces > 1 || p->more != NULL)) {
			release_all(p);
			return;
		}
		owner = p->piece[0].owner;
	}
	pool_put(&p->pool->pool, p);
	ref_put(owner);
}

HOT(device) inline struct pkt *pkt_put_first(struct pkt *p)
{
	struct pkt *more = p->more;

	p->more = NULL;
	if (LIKELY(p->ref.count == 1 && p->n_pieces == 0)) {
		p->ref.count = 0;
		pool_put(&p->pool->pool, p);
	} else {
		pkt_put(p);
	}
	return more;
}

bool pkt_is_owner(const struct ref *ref)
{
	return ref != NULL && ref->release == pkt_release;
}

/* A packet in its first use, with what is the same in all uses, or NULL. */
static NOINLINE struct pkt *make(struct pkt_pool *pool)
{
	struct pkt *p = pool_get(&pool->pool);
	if (p == NULL)
		return NULL;
	p->ref.release = pkt_release;
	p->pool = pool;
	p->more = NULL;
	p->buf = (uint8_t *)p + PKT_HEADER_BYTES(pkt_pieces_max(pool));
	p->buf_bytes = pool->buf_bytes;
	return p;
}

HOT(device) inline struct pkt *pkt_alloc(struct pkt_pool *pool, uint32_t headroom)
{
	assert(headroom <= pool->buf_bytes);
	struct pkt *p = pool_reuse(&pool->pool);
	if (UNLIKELY(p == NULL)) {
		p = make(pool);
		if (p == NULL)
			return NULL;
	}
	p->ref.count = 1;
	p->data = p->buf + headroom;
	p->len = 0;
	p->l3 = 0;
	p->l4 = 0;
	p->flags = 0;
	p->n_pieces = 0;
	p->csum_start = 0;
	p->rest_bytes = 0;
	p->user = 0;
	return p;
}

struct pkt *pkt_alloc_message(struct pkt_pool *pool, uint32_t bytes)
{
	return bytes + PKT_HEADROOM <= pool->buf_bytes ? pkt_alloc(pool, PKT_HEADROOM) : NULL;
}

bool pkt_add_piece(struct pkt *p, struct slice s)
{
	if (s.len == 0)
		return true;
	if (p->n_pieces == pkt_pieces_max(p->pool))
		return false;
	ref_get(s.owner);
	p->piece[p->n_pieces++] = s;
	p->rest_bytes += (uint32_t)s.len;
	return true;
}

/* Cuts one packet, whatever follows it; returns how many of the `len` bytes it does not have. */
static size_t trim_one(struct pkt *p, size_t len)
{
	if (len <= p->len) {
		p->len = (uint32_t)len;
		len = 0;
	} else {
		len -= p->len;
	}
	unsigned keep = 0;
	p->rest_bytes = (uint32_t)MIN((size_t)p->rest_bytes, len); /* a run's, too */
	while (keep < p->n_pieces && len > 0) {
		p->piece[keep].len = MIN(p->piece[keep].len, len);
		len -= p->piece[keep++].len;
	}
	while (p->n_pieces > keep)
		ref_put(p->piece[--p->n_pieces].owner);
	return len;
}

void pkt_trim(struct pkt *p, size_t len)
{
	if (p->n_pieces == 0 && p->more == NULL) {
		p->len = (uint32_t)MIN((size_t)p->len, len);
		return;
	}
	len = trim_one(p, len);
	for (; p->more != NULL && len > 0; p = p->more)
		len = trim_one(p->more, len);
	struct pkt *beyond = p->more;
	p->more = NULL;
	if (beyond != NULL)
		pkt_put(beyond);
}

/* Adds bytes that stand `at` bytes behind the first that is summed. */
HOT(device) static uint32_t csum_at(uint32_t sum, size_t at, const uint8_t *bytes, size_t len)
{
	return (at & 1) != 0 ? csum_add_odd(sum, bytes, len) : csum_add(sum, bytes, len);
}

/* Of more than one piece. */
static APART uint32_t csum_all(uint32_t sum, const struct pkt *p)
{
	size_t at = 0;
	for (; p != NULL; p = p->more) {
		sum = csum_at(sum, at, p->data, p->len);
		at += p->len;
		for (unsigned i = 0; i < p->n_pieces; i++) {
			sum = csum_at(sum, at, p->piece[i].data, p->piece[i].len);
			at += p->piece[i].len;
		}
	}
	return sum;
}

HOT(device) uint32_t pkt_csum(uint32_t sum, const struct pkt *p)
{
	if (p->n_pieces != 0 || p->more != NULL)
		return csum_all(sum, p);
	return csum_add(sum, p->data, p->len);
}
