/* SPDX-License-Identifier: ISC */
#include "hal/block.h"

/* Pieces are the caller's own: what is wrong with them is its bug. */
static void check_memory(const struct block_request *r, uintptr_t align)
{
	uint64_t sum = 0;

	if (r->pieces == NULL) {
		assert((uintptr_t)r->memory % align == 0);
		return;
	}
	for (uint32_t i = 0; i < r->n_pieces; i++) {
		assert((uintptr_t)r->pieces[i].memory % align == 0);
		assert(r->pieces[i].count > 0);
		sum += r->pieces[i].count;
	}
	assert(sum == r->count);
}

static bool exceeds(uint32_t n, uint32_t max)
{
	return max != 0 && n > max;
}

static enum err check_limits(const struct block *b, const struct block_request *r)
{
	const struct block_limits *l = &b->limits;

	if (r->op == BLOCK_DISCARD)
		return r->count > l->discard_max ? ERR_UNSUPPORTED : OK;
	if (r->op == BLOCK_ZERO)
		return r->count > l->zero_max ? ERR_UNSUPPORTED : OK;
	check_memory(r, l->any_memory ? 1 : CACHE_LINE_BYTES);
	return exceeds(r->count, l->count_max) ||
			       (r->pieces != NULL && exceeds(r->n_pieces, l->pieces_max))
		       ? ERR_UNSUPPORTED
		       : OK;
}

enum err block_submit(struct block *b, struct block_request *r)
{
	enum err e = OK;

	if (b->sectors == 0)
		return ERR_NODEV;
	if (r->op != BLOCK_FLUSH) {
		if (r->sector > b->sectors || r->count > b->sectors - r->sector)
			return ERR_RANGE;
		if (r->op != BLOCK_READ && b->read_only)
			return ERR_READONLY;
		e = check_limits(b, r);
	}
	return e == OK ? b->ops->submit(b, r) : e;
}

void *block_request_memory(const struct block_request *r, uint32_t sector_bytes, uint32_t at,
			   uint32_t *run)
{
	const struct block_piece *p = r->pieces;
	uint32_t from = at;

	assert(at < r->count);
	if (p == NULL) {
		*run = r->count - at;
		return (uint8_t *)r->memory + (size_t)at * sector_bytes;
	}
	for (; from >= p->count; p++)
		from -= p->count;
	*run = p->count - from;
	return (uint8_t *)p->memory + (size_t)from * sector_bytes;
}
