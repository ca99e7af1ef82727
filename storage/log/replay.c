/* SPDX-License-Identifier: ISC */
#include "storage/log/internal.h"

/* Forgets one entry of a place, and what its record takes. */
static void drop(struct kvlog *s, uint64_t hash, const struct kvlog_record *r)
{
	kvlog_index_remove(s, hash, kvlog_place(s, r->pos));
	s->live -= MIN(s->live, r->bytes);
	s->pieces -= r->type == KVLOG_PIECE && s->pieces > 0;
}

static void piece_key(uint8_t key[KVLOG_PIECE_KEY], uint64_t id, uint32_t i)
{
	store_le64(&key[0], id);
	store_le32(&key[8], i);
}

static uint64_t id_hash(const struct kvlog *s, uint64_t id)
{
	uint8_t key[8];

	store_le64(key, id);
	return kvlog_hash(s, KVLOG_BY_ID, key, sizeof(key));
}

enum err kvlog_forget_pieces(struct kvlog *s, const struct kvlog_meta *m, uint32_t place)
{
	uint64_t n = m->piece_bytes > 0 ? (m->bytes + m->piece_bytes - 1) / m->piece_bytes : 0;
	uint8_t key[KVLOG_PIECE_KEY];
	struct kvlog_record r;

	kvlog_index_remove(s, id_hash(s, m->id), place);
	for (uint32_t i = 0; i < n && i < s->config.index_len && s->pieces > 0; i++) {
		piece_key(key, m->id, i);
		enum err e = kvlog_find(s, KVLOG_BY_PIECE, key, sizeof(key), &r);

		if (e == OK)
			drop(s, kvlog_hash(s, KVLOG_BY_PIECE, key, sizeof(key)), &r);
		else if (e != ERR_NOTFOUND)
			return e;
	}
	return OK;
}

/* Takes the record that a key had out of the index. `keep_id`: of pieces that live on. */
static enum err forget_old(struct kvlog *s, enum kvlog_class class, const struct kvlog_record *new,
			   uint64_t keep_id)
{
	struct kvlog_record old;
	enum err e = kvlog_find(s, class, new->key, new->key_len, &old);

	if (e != OK)
		return e == ERR_NOTFOUND ? OK : e;
	struct kvlog_meta m = {0};
	if (old.type == KVLOG_LARGE)
		m = kvlog_meta_of(&old);
	drop(s, kvlog_hash(s, class, new->key, new->key_len), &old);
	if (old.type != KVLOG_LARGE || m.id == keep_id)
		return OK;
	/* Of a renamed value another record may list the pieces by now. */
	if (kvlog_index_at(s, id_hash(s, m.id), kvlog_place(s, old.pos)) == NULL)
		return OK;
	return kvlog_forget_pieces(s, &m, kvlog_place(s, old.pos));
}

/* The entry by which pieces find what lists them. */
static enum err add_id(struct kvlog *s, const struct kvlog_record *r, uint64_t id)
{
	struct kvlog_record old;
	uint8_t key[8];

	store_le64(key, id);
	enum err e = kvlog_find(s, KVLOG_BY_ID, key, sizeof(key), &old);
	if (e == OK)
		kvlog_index_remove(s, id_hash(s, id), kvlog_place(s, old.pos));
	else if (e != ERR_NOTFOUND)
		return e;
	return kvlog_index_add(s, id_hash(s, id), kvlog_place(s, r->pos));
}

enum err kvlog_apply(struct kvlog *s, const struct kvlog_record *r)
{
	enum kvlog_class class = kvlog_class_of(r);
	uint64_t id = r->type == KVLOG_LARGE ? kvlog_meta_of(r).id : UINT64_MAX;
	enum err e = forget_old(s, class, r, id);

	if (e != OK || r->type == KVLOG_REMOVED)
		return e;
	e = kvlog_index_add(s, kvlog_hash(s, class, r->key, r->key_len), kvlog_place(s, r->pos));
	/* Without pieces, it is one that was moved when its bytes were damaged. */
	if (e == OK && r->type == KVLOG_LARGE && kvlog_meta_of(r).piece_bytes > 0) {
		s->has_large = true;
		e = add_id(s, r, id);
	}
	if (e != OK)
		return e;
	s->live += r->bytes;
	s->pieces += r->type == KVLOG_PIECE;
	if (r->type == KVLOG_RETIRED) {
		uint32_t block = load_le32(r->key);

		if (block < kvlog_blocks(s) && !kvlog_map_get(s, block, KVLOG_BAD)) {
			kvlog_map_set(s, block, KVLOG_BAD, true);
			s->bad_blocks++;
		}
	}
	return OK;
}

/* Of a batch, whose records stand one behind the other. */
struct batch {
	struct kvlog_pos start;
	uint32_t next, last; /* next: 0: there is none yet */
};

/*
 * Follows batches. True: `r` is the last record of one, which counts then: what is in the log was
 * appended in order, so that others of it were there, too. Those that are not any more were in
 * blocks that have been collected since, or are damaged, which must mean the same before and after
 * their block is collected.
 */
static bool batch_ends(struct batch *b, const struct kvlog_record *r)
{
	uint32_t last = (uint32_t)r->index + r->left;

	if (b->next == 0 || r->index < b->next || last != b->last)
		*b = (struct batch){.start = r->pos, .last = last};
	b->next = r->index + 1u;
	return r->left == 0;
}

static bool is_piece_of_value(struct kvlog *s, const struct kvlog_record *r)
{
	struct kvlog_record large;

	if (kvlog_find(s, KVLOG_BY_ID, r->key, 8, &large) != OK)
		return false;
	struct kvlog_meta m = kvlog_meta_of(&large);
	return m.piece_bytes > 0 && load_le32(&r->key[8]) <= (m.bytes - 1) / m.piece_bytes;
}

/* Applies the records from `from` to `to` in the log, both included. */
static enum err apply_run(struct kvlog *s, struct kvlog_pos from, struct kvlog_pos to)
{
	struct kvlog_record r;
	struct kvlog_walk w;

	for (uint64_t seq = from.seq; seq != 0 && seq <= to.seq; seq = kvlog_next(s, seq)) {
		enum err e = kvlog_walk_begin(s, seq, &w);

		if (e == OK && seq == from.seq)
			w.off = from.off;
		while (e == OK) {
			e = kvlog_walk_next(s, &w, &r);
			if (e != OK || (seq == to.seq && r.pos.off > to.off))
				break;
			if (r.type != KVLOG_TAIL && r.type != KVLOG_PIECE)
				e = kvlog_apply(s, &r);
		}
		if (e != OK && e != ERR_EOF)
			return e;
	}
	return OK;
}

static enum err replay_record(struct kvlog *s, struct batch *b, const struct kvlog_record *r,
			      bool pieces)
{
	if (r->type == KVLOG_TAIL || (r->type == KVLOG_PIECE) != pieces)
		return OK;
	if (pieces)
		return is_piece_of_value(s, r) ? kvlog_apply(s, r) : OK;
	if (!batch_ends(b, r))
		return OK;
	if (r->index == 0)
		return kvlog_apply(s, r);
	return apply_run(s, b->start, r->pos);
}

enum err kvlog_replay(struct kvlog *s, struct kvlog_pos from, bool pieces)
{
	struct batch b = {0};
	struct kvlog_record r;
	struct kvlog_walk w;

	for (uint64_t seq = from.seq; seq != 0; seq = kvlog_next(s, seq)) {
		enum err e = kvlog_walk_begin(s, seq, &w);

		if (e == OK && seq == from.seq && from.off > 0)
			w.off = from.off;
		while (e == OK) {
			e = kvlog_walk_next(s, &w, &r);
			if (e == OK)
				e = replay_record(s, &b, &r, pieces);
		}
		if (e != ERR_EOF)
			return e;
	}
	return OK;
}

enum err kvlog_recount(struct kvlog *s)
{
	struct kvlog_record r;

	s->live = 0;
	s->pieces = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct kvlog_entry *entry = &s->config.index[i];
		enum err e = kvlog_record_read(s, kvlog_pos_of(s, entry->place), 1, &r);

		if (e != OK && e != ERR_DAMAGED)
			return e;
		/* A record that lists pieces has two entries: its key's counts. */
		if (e == OK &&
		    kvlog_index_at(s, kvlog_hash(s, kvlog_class_of(&r), r.key, r.key_len),
				   entry->place) == entry) {
			s->live += r.bytes;
			s->pieces += r.type == KVLOG_PIECE;
		}
	}
	return OK;
}
