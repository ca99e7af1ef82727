/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/log/internal.h"

enum {
	/* Bytes of old records that are looked at for each new one, once little is free. */
	PACE = 16,
	/* Blocks that are kept free: the spare, and two for what is moved before a block is
	   free again: all of one, and a record that ends behind it. */
	KEPT_BLOCKS = 3,
	/* And that no value fills: one for a value that takes the place of another, and the
	   one that is being collected. */
	RESERVED_BLOCKS = KEPT_BLOCKS + 2,
};

static uint64_t tail_record_bytes(const struct kvlog *s)
{
	return kvlog_record_bytes(s, 0, KVLOG_TAIL_META, 0);
}

/*
 * Bytes of all blocks that work. A block that is freed needs a record that says so. It takes the
 * place of one from the last round, but in the first, for which as much is kept free.
 */
static uint64_t all_bytes(const struct kvlog *s, uint64_t *tails)
{
	uint64_t usable = kvlog_blocks(s) - MIN(s->bad_blocks, kvlog_blocks(s));

	*tails = usable * tail_record_bytes(s);
	return usable * kvlog_payload(s);
}

/* Bytes that live records may have while so many blocks are free. */
static uint64_t room_beside(const struct kvlog *s, unsigned blocks)
{
	uint64_t tails, all = all_bytes(s, &tails);
	uint64_t kept = 2 * tails + (uint64_t)blocks * kvlog_payload(s);

	return all - MIN(all, kept);
}

uint64_t kvlog_capacity(const struct kvlog *s)
{
	return room_beside(s, RESERVED_BLOCKS);
}

static uint64_t reserve(const struct kvlog *s)
{
	uint64_t tails;

	(void)all_bytes(s, &tails);
	return KEPT_BLOCKS * (uint64_t)kvlog_payload(s) + tails;
}

bool kvlog_has_capacity(const struct kvlog *s, uint64_t more, uint64_t less)
{
	return more <= less || s->live - MIN(s->live, less) + more <= kvlog_capacity(s);
}

static uint64_t free_bytes(const struct kvlog *s)
{
	uint64_t bytes = (uint64_t)s->free_blocks * kvlog_payload(s);

	return s->broken ? bytes : bytes + kvlog_block_bytes(s) - s->end.off;
}

static bool is_live(struct kvlog *s, const struct kvlog_record *r)
{
	if (r->type == KVLOG_TAIL || r->type == KVLOG_REMOVED)
		return false;
	return kvlog_index_at(s, kvlog_hash(s, kvlog_class_of(r), r->key, r->key_len),
			      kvlog_place(s, r->pos)) != NULL;
}

/* Its record is elsewhere now. */
static void lead_to(struct kvlog *s, uint64_t hash, const struct kvlog_record *from,
		    const struct kvlog_record *to)
{
	struct kvlog_entry *entry = kvlog_index_at(s, hash, kvlog_place(s, from->pos));

	if (entry != NULL)
		entry->place = kvlog_place(s, to->pos);
}

/* Appends `copy` in the place of a record of the tail. */
static enum err append_anew(struct kvlog *s, const struct kvlog_record *r,
			    struct kvlog_record *copy)
{
	copy->index = 0;
	copy->left = 0;
	enum err e = kvlog_append(s, copy);
	if (e != OK)
		return e;
	s->stats.moved_bytes += copy->bytes;
	s->live += copy->bytes;
	s->live -= MIN(s->live, r->bytes);
	lead_to(s, kvlog_hash(s, kvlog_class_of(r), r->key, r->key_len), r, copy);
	if (r->type == KVLOG_LARGE)
		lead_to(s, kvlog_hash(s, KVLOG_BY_ID, &r->meta[24], 8), r, copy);
	return OK;
}

/*
 * Of a record whose bytes are damaged, those stay behind: a copy of them could, after a loss of
 * power, not be told from a record that was not finished, and would end the log. A piece is missing
 * from then on (forget_block()); any other key has a value in pieces of which there are none.
 */
static enum err move_damaged(struct kvlog *s, const struct kvlog_record *r)
{
	uint8_t meta[KVLOG_LARGE_META] = {0};
	struct kvlog_record copy = {.type = KVLOG_LARGE,
				    .key_len = r->key_len,
				    .key = r->key,
				    .meta = meta,
				    .meta_len = sizeof(meta)};

	s->stats.damaged++;
	if (r->type == KVLOG_PIECE)
		return OK;
	memcpy(meta, r->meta, KVLOG_VALUE_META);
	store_le64(&meta[KVLOG_VALUE_META], r->body_len);
	return append_anew(s, r, &copy);
}

/* Appends a record of the tail anew. */
static enum err move(struct kvlog *s, const struct kvlog_record *r)
{
	struct kvlog_pos body = kvlog_body_pos(s, r);
	struct kvlog_record copy = *r;
	bool has_bytes = r->body_len > 0;
	enum err e = has_bytes ? kvlog_record_verify(s, r) : OK;

	/* What is given up for good is looked at twice. */
	if (e == ERR_DAMAGED)
		e = kvlog_record_verify(s, r);
	if (e == ERR_DAMAGED || e == ERR_IO)
		return move_damaged(s, r);
	copy.body_at = has_bytes ? &body : NULL;
	return e == OK ? append_anew(s, r, &copy) : e;
}

/* Entries that still lead to a block all of which was moved: they, or their bytes, are damaged. */
static enum err forget_block(struct kvlog *s, uint64_t seq)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->n; i++) {
		if (kvlog_pos_of(s, s->config.index[i].place).seq != seq)
			s->config.index[kept++] = s->config.index[i];
	}
	if (kept == s->n)
		return OK;
	s->n = kept;
	s->generation++;
	return kvlog_recount(s);
}

/* The tail is empty: its block is free, once the log says so. */
static enum err give_back_tail(struct kvlog *s)
{
	uint64_t next = kvlog_next(s, s->tail);
	enum err e = forget_block(s, s->tail);

	assert(next != 0);
	if (e == OK)
		e = kvlog_append_tail(s, next);
	if (e != OK)
		return e;
	for (; s->tail < next; s->tail++) {
		if (!kvlog_map_get(s, s->tail, KVLOG_BAD))
			s->free_blocks++;
	}
	s->gc_off = 0;
	s->stats.collected++;
	return OK;
}

/* Looks at up to `budget` bytes of records of the tail, and takes what was looked at off it. */
static enum err collect(struct kvlog *s, uint64_t *budget)
{
	struct kvlog_record r;
	struct kvlog_walk w;
	enum err e = kvlog_walk_begin(s, s->tail, &w);

	if (e != OK)
		return e;
	if (s->gc_off > w.end)
		w.carry = 0;
	w.off = MAX(w.off, s->gc_off);
	while (*budget > 0) {
		e = kvlog_walk_next(s, &w, &r);
		if (e == ERR_EOF) {
			*budget -= MIN(*budget, s->room);
			return give_back_tail(s);
		}
		if (e == OK && is_live(s, &r))
			e = move(s, &r);
		if (e != OK)
			return e;
		s->gc_off = w.off;
		*budget -= MIN(*budget, r.bytes);
	}
	return OK;
}

/*
 * With less than that free, what is old is collected along with each change: early enough to have
 * looked at three quarters of the medium by the time when only the reserve is left.
 */
static uint64_t low(const struct kvlog *s)
{
	return reserve(s) + flash_bytes(s->config.flash) / PACE * 3 / 4;
}

/* Collects until so much is free. */
static enum err collect_until(struct kvlog *s, uint64_t bytes)
{
	uint64_t budget = 2 * flash_bytes(s->config.flash);
	enum err e = OK;

	while (e == OK && free_bytes(s) < bytes) {
		if (budget == 0 || s->tail == s->end.seq)
			return ERR_NOSPACE;
		e = collect(s, &budget);
	}
	return e;
}

/*
 * Whoever asks finds at least the reserve free, but for what collecting was using of it when the
 * power went, and leaves as much. So collecting, which needs that at most before the first block is
 * free, can always go on, and in one round it frees all that is not alive. What cannot fit then is
 * refused before anything is moved in vain.
 */
enum err kvlog_make_room(struct kvlog *s, uint64_t bytes)
{
	uint64_t paced = bytes * PACE;
	enum err e = OK;

	if (free_bytes(s) < bytes + low(s))
		e = kvlog_settle(s);
	if (e == OK && free_bytes(s) < bytes + reserve(s))
		e = s->live + bytes <= room_beside(s, KEPT_BLOCKS + 1)
			    ? collect_until(s, bytes + reserve(s))
			    : ERR_NOSPACE;
	while (e == OK && free_bytes(s) < bytes + low(s) && paced > 0 && s->tail != s->end.seq)
		e = collect(s, &paced);
	return e;
}

enum err kvlog_make_room_to_remove(struct kvlog *s, uint64_t bytes)
{
	enum err e = kvlog_make_room(s, bytes);

	/* Blocks have failed in a store that was full. */
	if (e == ERR_NOSPACE)
		e = collect_until(s, bytes + 2 * (uint64_t)kvlog_payload(s));
	return e == ERR_NOSPACE ? OK : e;
}
