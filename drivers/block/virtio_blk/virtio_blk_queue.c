/* SPDX-License-Identifier: ISC */
/*
 * Requests: from the list of those that wait to a chain in the ring, and back.
 */
#include "drivers/block/virtio_blk/virtio_blk_internal.h"

#include "base/bytes.h"

/* A chain under construction: what the device reads, then what it writes. */
struct chain {
	struct virtqueue_piece piece[VIRTQUEUE_CHAIN_MAX];
	unsigned n, n_out;
};

static struct virtio_blk_slot *slot_at(struct list *node)
{
	return list_entry(node, struct virtio_blk_slot, node);
}

void virtio_blk_queue_init(struct virtio_blk *v)
{
	list_init(&v->waiting);
	list_init(&v->busy);
	list_init(&v->free);
	for (unsigned i = 0; i < VIRTIO_BLK_REQUESTS; i++)
		list_push_back(&v->free, &v->slots[i].node);
}

uint64_t virtio_blk_queue_deadline_us(const struct virtio_blk *v)
{
	return list_empty(&v->busy) ? UINT64_MAX : slot_at(v->busy.next)->deadline_us;
}

/* --- to the device --------------------------------------------------------------------------- */

static void add_piece(struct chain *c, const void *bytes, uint32_t len)
{
	assert(c->n < ARRAY_SIZE(c->piece));
	c->piece[c->n++] = (struct virtqueue_piece){bytes, len};
}

/* In pieces that the device takes; block_submit() has held the request against the limits, which
 * are such that they fit. */
static void add_run(const struct virtio_blk *v, struct chain *c, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		uint32_t part = (uint32_t)MIN(len, (size_t)v->size_max);

		add_piece(c, bytes, part);
		bytes += part;
		len -= part;
	}
}

static void add_memory(const struct virtio_blk *v, struct chain *c, const struct block_request *r)
{
	size_t sector_bytes = v->block.sector_bytes;

	if (r->pieces == NULL) {
		add_run(v, c, r->memory, r->count * sector_bytes);
		return;
	}
	for (uint32_t i = 0; i < r->n_pieces; i++)
		add_run(v, c, r->pieces[i].memory, r->pieces[i].count * sector_bytes);
}

static uint32_t type_of(enum block_op op)
{
	static const uint8_t types[] = {
		[BLOCK_READ] = VIRTIO_BLK_T_IN,           [BLOCK_WRITE] = VIRTIO_BLK_T_OUT,
		[BLOCK_FLUSH] = VIRTIO_BLK_T_FLUSH,       [BLOCK_DISCARD] = VIRTIO_BLK_T_DISCARD,
		[BLOCK_ZERO] = VIRTIO_BLK_T_WRITE_ZEROES,
	};

	return types[op];
}

static void build(const struct virtio_blk *v, struct virtio_blk_slot *s, struct chain *c)
{
	const struct block_request *r = s->request;
	uint32_t scale = v->block.sector_bytes / VIRTIO_BLK_SECTOR_BYTES;
	uint64_t sector = r->op == BLOCK_FLUSH ? 0 : r->sector * scale;

	c->n = 0;
	s->header = (struct virtio_blk_header){.type = type_of(r->op)};
	s->status = VIRTIO_BLK_S_UNTOUCHED;
	s->in_bytes = 1;
	add_piece(c, &s->header, sizeof(s->header));
	if (block_is_transfer(r)) {
		s->header.sector = sector;
		if (r->op == BLOCK_READ) {
			c->n_out = c->n;
			s->in_bytes += r->count * v->block.sector_bytes;
		}
		add_memory(v, c, r);
	} else if (r->op != BLOCK_FLUSH) {
		s->range = (struct virtio_blk_range){.sector = sector, .count = r->count * scale};
		add_piece(c, &s->range, sizeof(s->range));
	}
	if (r->op != BLOCK_READ)
		c->n_out = c->n;
	add_piece(c, &s->status, sizeof(s->status));
}

/* Needs nothing of the device: a flush where each write is safe when it ends, and nothing at all.
 */
static bool is_done_already(const struct virtio_blk *v, const struct block_request *r)
{
	return r->op == BLOCK_FLUSH ? !virtio_has(v->dev, VIRTIO_BLK_F_FLUSH) : r->count == 0;
}

/* False: there is no room now. */
static bool show_first(struct virtio_blk *v, uint64_t now_us)
{
	struct block_request *r = list_entry(v->waiting.next, struct block_request, node);
	struct virtio_blk_slot *s;
	struct chain c;

	if (is_done_already(v, r)) {
		list_remove(&r->node);
		r->done(r, OK);
		return true;
	}
	if (list_empty(&v->free))
		return false;
	s = slot_at(v->free.next);
	s->request = r;
	s->deadline_us = now_us + VIRTIO_BLK_WAIT_US;
	build(v, s, &c);
	if (virtqueue_add(&v->queue, c.piece, c.n_out, c.n - c.n_out, s) != OK)
		return false;
	list_remove(&r->node);
	list_remove(&s->node);
	list_push_back(&v->busy, &s->node);
	return true;
}

void virtio_blk_queue_fill(struct virtio_blk *v, uint64_t now_us)
{
	/* As many as there can be: what is done already and submitted again waits for the next. */
	for (unsigned i = 0; i < VIRTIO_BLK_REQUESTS && !list_empty(&v->waiting); i++) {
		if (!v->running || !show_first(v, now_us))
			break;
	}
	if (v->running)
		virtqueue_kick(&v->queue);
}

/* --- and back -------------------------------------------------------------------------------- */

static void count(struct virtio_blk *v, const struct block_request *r)
{
	if (r->op == BLOCK_READ)
		v->stats.reads++;
	else if (r->op == BLOCK_WRITE)
		v->stats.writes++;
	else
		v->stats.others++;
}

/* What the device says of a request, of which it has written `len` bytes. */
static enum err result_of(struct virtio_blk *v, const struct virtio_blk_slot *s, uint32_t len)
{
	uint8_t status = *(const volatile uint8_t *)&s->status; /* once: it may change */

	if (status == VIRTIO_BLK_S_IOERR || status == VIRTIO_BLK_S_UNSUPP) {
		v->stats.failed++;
		return status == VIRTIO_BLK_S_IOERR ? ERR_IO : ERR_UNSUPPORTED;
	}
	/* Lengths of the legacy interface mean nothing (section 2.7.8.1). */
	if (status != VIRTIO_BLK_S_OK || (len < s->in_bytes && !v->dev->legacy)) {
		v->stats.nonsense++;
		return ERR_IO;
	}
	count(v, s->request);
	return OK;
}

static void end_slot(struct virtio_blk *v, struct virtio_blk_slot *s, enum err result)
{
	struct block_request *r = s->request;

	list_remove(&s->node);
	list_push_back(&v->free, &s->node);
	s->request = NULL;
	r->done(r, result);
}

void virtio_blk_queue_drain(struct virtio_blk *v)
{
	struct virtio_blk_slot *s;
	uint32_t len;

	/* No more than there were: the rest comes with the next poll. */
	for (unsigned i = 0; i < VIRTIO_BLK_REQUESTS && v->running; i++) {
		s = virtqueue_get_used(&v->queue, &len);
		if (s == NULL)
			return;
		end_slot(v, s, result_of(v, s, len));
	}
}

void virtio_blk_queue_end(struct virtio_blk *v, enum err result, bool all)
{
	struct list ended, waiting;

	while (virtqueue_reclaim(&v->queue) != NULL)
		;
	/* A callback may submit again, which waits, or is refused. */
	list_take(&ended, &v->busy);
	list_init(&waiting);
	if (all)
		list_take(&waiting, &v->waiting);
	while (!list_empty(&ended))
		end_slot(v, slot_at(ended.next), result);
	while (!list_empty(&waiting)) {
		struct block_request *r =
			list_entry(list_pop_front(&waiting), struct block_request, node);

		r->done(r, result);
	}
}
