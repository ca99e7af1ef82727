/* SPDX-License-Identifier: ISC */
/*
 * The send queue: slices in order, from the first byte not acknowledged to the last one written.
 *
 * `at`/`at_off` follow SND.NXT, so that sending never walks the queue. The cursor may stand at the
 * end of a slice whose successor exists: gathering steps over.
 *
 * Slices, and the packets that copied bytes lie in, are common to all connections, and a peer that
 * does not acknowledge keeps those of its own for minutes. So nobody may have more than are left
 * for others (may_take()), and a part of the packets is for segments alone: without them not even
 * an acknowledgement could be sent.
 */
#include "net/tcp/tcp_internal.h"

static uint32_t room(const struct tcp_conn *c)
{
	return c->tcp->config->send_bytes - c->snd.bytes; /* more is never taken */
}

enum { FEW_SLICES = 2 }; /* the header and the body of a short response */

/* What copies leave of the transmit packets, for segments: one at least, or nothing would be sent
 * any more. */
static uint32_t kept_packets(const struct tcp *tcp)
{
	return (tcp->tx->pool.count + 7) / 8;
}

/*
 * May the connection have one more of `pool`, `kept` of which are not for it? As long as it has
 * fewer than are left; but the last quarter is for those that have next to nothing.
 */
static bool may_take(const struct tcp_conn *c, const struct pool *pool, uint32_t kept)
{
	uint32_t free = pool_available(pool), last = pool->count / 4;

	if (c->snd.slices < FEW_SLICES)
		return free > kept;
	return free > last && free - last > c->snd.slices;
}

uint32_t tcp_send_places(const struct tcp *tcp)
{
	uint32_t slices = pool_available(&tcp->slices);
	uint32_t packets = pool_available(&tcp->tx->pool), kept = kept_packets(tcp);

	return packets > kept ? MIN(slices, packets - kept) : 0;
}

/*
 * Not a byte more fits for now: the user is told when that changes. With bytes in the queue that is
 * when the peer acknowledges some; without, somebody else has to give something back.
 */
static NOINLINE ssize_t written_in_part(struct tcp_conn *c, size_t bytes, bool pool_empty)
{
	c->want_write = true;
	if (pool_empty && c->snd.bytes == 0 && !list_linked(&c->starved))
		list_push_back(&c->tcp->starved, &c->starved);
	return bytes > 0 ? (ssize_t)bytes : ERR_AGAIN;
}

static void count_written(struct tcp_send *s, uint32_t bytes)
{
	s->bytes += bytes;
	s->end += bytes;
}

/* Puts a slice of `len` bytes at the end of the queue; false without a place for it. The reference
 * on the owner is the caller's to give. */
HOT(output)
static inline bool append(struct tcp_conn *c, const uint8_t *data, uint32_t len, struct ref *owner,
			  bool copied)
{
	struct pool *pool = &c->tcp->slices;
	bool may = c->snd.slices < FEW_SLICES || may_take(c, pool, 0);
	struct tcp_slice *t = may ? pool_get(pool) : NULL;
	if (UNLIKELY(t == NULL))
		return false;
	t->next = NULL;
	t->data = data;
	t->len = len;
	t->copied = copied;
	bool pinned = !copied && pkt_is_owner(owner);
	t->pinned = pinned;
	t->owner = owner;
	c->snd.slices++;
	if (UNLIKELY(pinned))
		c->snd.pinned++;
	if (c->snd.tail != NULL) {
		c->snd.tail->next = t;
	} else { /* nothing was queued: NXT is at its beginning */
		c->snd.head = c->snd.at = t;
		c->snd.at_off = 0;
	}
	c->snd.tail = t;
	count_written(&c->snd, len);
	return true;
}

/* True if the slice goes on where the last one ends: then it needs no entry of its own. */
static bool continues(const struct tcp_slice *tail, const struct slice *s)
{
	return tail != NULL && !tail->copied && tail->owner == s->owner &&
	       tail->data + tail->len == s->data;
}

/* Takes the first `len` bytes of the slice, and a reference on them. False: a pool is empty. */
ALWAYS_INLINE bool write_one(struct tcp_conn *c, const struct slice *s, uint32_t len)
{
	if (len == 0)
		return true;
	if (continues(c->snd.tail, s)) {
		c->snd.tail->len += len;
		count_written(&c->snd, len);
		return true;
	}
	if (!append(c, s->data, len, s->owner, false))
		return false;
	ref_get(s->owner);
	return true;
}

ssize_t tcp_send_write(struct tcp_conn *c, const struct slice *slices, unsigned n)
{
	uint32_t taken = 0, left = room(c);

	for (; n > 0; n--, slices++) {
		uint32_t len = (uint32_t)MIN(slices->len, (size_t)left);
		if (UNLIKELY(!write_one(c, slices, len)))
			return written_in_part(c, taken, true);
		taken += len;
		left -= len;
		if (UNLIKELY(len < slices->len))
			return written_in_part(c, taken, false);
	}
	return (ssize_t)taken;
}

/* The packet that the last copy went to, and that the next may be added to: what was sent of it
 * does not change. NULL: there is none, or it is full. */
static struct pkt *copy_tail(const struct tcp_conn *c)
{
	if (c->snd.tail == NULL || !c->snd.tail->copied)
		return NULL;
	struct pkt *p = container_of(c->snd.tail->owner, struct pkt, ref);
	return pkt_tailroom(p) > 0 ? p : NULL;
}

/* Another one, with a slice that is still empty. */
static struct pkt *copy_new(struct tcp_conn *c)
{
	struct pkt *p = NULL;
	if (may_take(c, &c->tcp->tx->pool, kept_packets(c->tcp)))
		p = pkt_alloc(c->tcp->tx, 0);
	if (p == NULL || append(c, p->data, 0, &p->ref, true))
		return p; /* the slice has the packet's one reference */
	pkt_put(p);
	return NULL;
}

ssize_t tcp_send_copy(struct tcp_conn *c, const uint8_t *bytes, size_t len)
{
	size_t max = MIN(len, (size_t)room(c)), taken = 0;

	while (taken < max) {
		struct pkt *p = copy_tail(c);
		if (p == NULL)
			p = copy_new(c);
		if (p == NULL)
			break;
		uint32_t n = MIN((uint32_t)(max - taken), pkt_tailroom(p));
		memcpy(pkt_append(p, n), bytes + taken, n);
		c->snd.tail->len += n;
		count_written(&c->snd, n);
		taken += n;
	}
	return taken == len ? (ssize_t)taken : written_in_part(c, taken, taken < max);
}

static void pop(struct tcp_conn *c)
{
	struct tcp_slice *t = c->snd.head;

	c->snd.head = t->next;
	if (c->snd.head == NULL)
		c->snd.tail = NULL;
	if (c->snd.at == t) {
		c->snd.at = t->next;
		c->snd.at_off = 0;
	}
	c->snd.slices--;
	c->snd.pinned -= t->pinned;
	ref_put(t->owner);
	pool_put(&c->tcp->slices, t);
}

/* Empties the queue. */
HOT(output) static void release_all(struct tcp_conn *c)
{
	struct tcp_slice *t = c->snd.head, *next;

	c->snd.head = c->snd.tail = c->snd.at = NULL;
	c->snd.bytes = c->snd.at_off = 0;
	c->snd.slices = c->snd.pinned = 0;
	for (; t != NULL; t = next) {
		next = t->next;
		ref_put(t->owner);
		pool_put(&c->tcp->slices, t);
	}
}

void tcp_send_release(struct tcp_conn *c, uint32_t bytes)
{
	assert(bytes <= c->snd.bytes);
	if (bytes == c->snd.bytes) {
		release_all(c);
		return;
	}
	c->snd.bytes -= bytes;
	while (bytes > 0) {
		struct tcp_slice *t = c->snd.head;
		if (bytes < t->len) {
			t->data += bytes;
			t->len -= bytes;
			if (c->snd.at == t)
				c->snd.at_off -= MIN(c->snd.at_off, bytes);
			return;
		}
		bytes -= t->len;
		pop(c);
	}
}

SELDOM void tcp_send_rewind(struct tcp_conn *c)
{
	c->snd.resend = false;
	c->snd.nxt = c->snd.una;
	c->snd.at = c->snd.head;
	c->snd.at_off = 0;
}

HOT(output) inline void tcp_send_advance(struct tcp_conn *c, uint32_t bytes)
{
	while (bytes > 0 && bytes > c->snd.at->len - c->snd.at_off) {
		bytes -= c->snd.at->len - c->snd.at_off;
		c->snd.at = c->snd.at->next;
		c->snd.at_off = 0;
	}
	c->snd.at_off += bytes;
}

void tcp_send_catch_up(struct tcp_conn *c)
{
	if (seq_lt(c->snd.nxt, c->snd.end))
		tcp_send_advance(c, MIN(c->snd.max - c->snd.nxt, c->snd.end - c->snd.nxt));
	c->snd.nxt = c->snd.max; /* perhaps behind the FIN */
}

void tcp_send_purge(struct tcp_conn *c)
{
	if (conn_has_board(c))
		tcp_board_free(c);
	release_all(c);
}

uint32_t tcp_send_gather(struct pkt *p, const struct tcp_slice *s, uint32_t off, uint32_t len,
			 bool pieces)
{
	uint32_t done = 0;

	for (; s != NULL && done < len; s = s->next, off = 0) {
		uint32_t n = MIN(s->len - off, len - done), tail = pkt_tailroom(p);
		if (n == 0)
			continue;
		/* Pieces come behind all that is in the first buffer. */
		if (!pieces || (p->n_pieces == 0 && n <= TCP_COPY_BYTES && n <= tail)) {
			uint32_t fits = MIN(n, tail);
			memcpy(pkt_append(p, fits), s->data + off, fits);
			done += fits;
			if (fits < n)
				break;
			continue;
		}
		struct slice piece = {.data = s->data + off, .len = n, .owner = s->owner};
		if (!pkt_add_piece(p, piece))
			break;
		done += n;
	}
	return done;
}
