/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/crc32c.h"
#include "storage/log/internal.h"

/* Programs what is staged. ERR_AGAIN: the block has failed, and another is to be tried. */
static enum err flush(struct kvlog *s)
{
	uint64_t at = (s->head % kvlog_blocks(s)) * kvlog_block_bytes(s) + s->off;
	uint32_t n = s->staged;

	if (n == 0)
		return OK;
	s->staged = 0;
	s->unsynced = true;
	enum err e = flash_program(s->config.flash, at, s->config.buffer, n);
	if (e == ERR_IO && kvlog_suspect(s, s->head))
		e = ERR_AGAIN;
	s->off += n;
	return e;
}

/* Where the next bytes of the record go, and how many have room there. Begins the next block. */
static enum err stage(struct kvlog *s, uint8_t **out, uint32_t *room)
{
	uint32_t in_block = kvlog_block_bytes(s) - s->off;
	uint32_t limit = MIN(s->config.buffer_bytes, in_block);
	enum err e = OK;

	if (s->staged == limit) {
		e = flush(s);
		if (e == OK && s->off == kvlog_block_bytes(s))
			e = kvlog_open_next(s, s->left);
		limit = MIN(s->config.buffer_bytes, kvlog_block_bytes(s) - s->off);
	}
	*out = &s->config.buffer[s->staged];
	*room = limit - s->staged;
	return e;
}

static void staged(struct kvlog *s, uint32_t n)
{
	s->staged += n;
	s->left -= n;
}

static enum err put(struct kvlog *s, const void *bytes, uint32_t len)
{
	const uint8_t *p = bytes;
	enum err e = OK;

	while (e == OK && len > 0) {
		uint8_t *out;
		uint32_t room;

		e = stage(s, &out, &room);
		if (e != OK)
			break;
		uint32_t n = MIN(room, len);
		if (p != NULL) {
			memcpy(out, p, n);
			p += n;
		} else {
			memset(out, 0xff, n);
		}
		staged(s, n);
		len -= n;
	}
	return e;
}

static enum err put_copy(struct kvlog *s, struct kvlog_pos at, uint32_t len)
{
	enum err e = OK;

	while (e == OK && len > 0) {
		uint8_t *out;
		uint32_t room;

		e = stage(s, &out, &room);
		if (e != OK)
			break;
		uint32_t n = MIN(room, len);
		e = kvlog_read(s, at, out, n);
		staged(s, n);
		len -= n;
		at = kvlog_pos_add(s, at, n);
	}
	return e;
}

static enum err put_record(struct kvlog *s, struct kvlog_record *r)
{
	uint8_t header[KVLOG_RECORD_BYTES];
	enum err e = OK;

	if (s->broken || s->end.off == kvlog_block_bytes(s))
		e = kvlog_open_next(s, 0);
	if (e != OK)
		return e;
	s->off = s->end.off;
	s->left = r->bytes;
	r->pos = s->end;
	r->claim = s->claim;
	kvlog_record_emit(s, r, header);
	e = put(s, header, sizeof(header));
	if (e == OK)
		e = put(s, r->key, r->key_len);
	if (e == OK)
		e = put(s, r->meta, r->meta_len);
	if (e == OK)
		e = r->body_at != NULL ? put_copy(s, *r->body_at, r->body_len)
				       : put(s, r->body, r->body_len);
	if (e == OK)
		e = put(s, NULL, s->left);
	return e == OK ? flush(s) : e;
}

/*
 * After a failure, what was begun behind the last whole record is no part of the log: its numbers
 * are given out again, and nothing more is programmed in the block of that record.
 */
static void roll_back(struct kvlog *s)
{
	s->stale_until = MAX(s->stale_until, s->head);
	for (; s->head > s->end.seq; s->head--) {
		bool is_hole = kvlog_map_get(s, s->head, KVLOG_HOLE);

		kvlog_map_set(s, s->head, KVLOG_HOLE, true);
		if (!is_hole && !kvlog_map_get(s, s->head, KVLOG_BAD))
			s->free_blocks++;
	}
	s->staged = 0;
	s->broken = s->end.off < kvlog_block_bytes(s);
	s->epoch++;
}

/* Whether a record has room where the log ends, or a block can be begun for what has not. */
static bool has_place(const struct kvlog *s, uint32_t bytes)
{
	return (!s->broken && bytes <= kvlog_block_bytes(s) - s->end.off) || kvlog_can_open(s);
}

enum err kvlog_append(struct kvlog *s, struct kvlog_record *r)
{
	enum err e;

	assert(!s->config.read_only);
	r->bytes = kvlog_record_bytes(s, r->key_len, r->meta_len, r->body_len);
	assert(r->bytes <= kvlog_payload(s));
	if (r->body_at == NULL)
		r->body_crc = crc32c(0, r->body, r->body_len);
	do {
		if (!has_place(s, r->bytes))
			return ERR_NOSPACE;
		e = put_record(s, r);
		if (e != OK)
			roll_back(s);
	} while (e == ERR_AGAIN);
	if (e != OK)
		return e;
	s->end = (struct kvlog_pos){s->head, s->off};
	s->unclaimed++;
	return OK;
}

/* One record, as one of the other block; its bytes keep their CRC, right or wrong. */
static enum err copy_record(struct kvlog *s, struct kvlog_record *r, uint64_t to)
{
	uint8_t header[KVLOG_RECORD_BYTES];
	uint32_t rest = r->bytes - KVLOG_RECORD_BYTES - r->key_len - r->meta_len;
	struct kvlog_pos body = kvlog_body_pos(s, r);

	r->pos.seq = to;
	/* The block gets its header when all that is in it is safe. */
	r->claim = r->pos.off;
	kvlog_record_emit(s, r, header);
	enum err e = put(s, header, sizeof(header));
	if (e == OK)
		e = put(s, r->key, r->key_len);
	if (e == OK)
		e = put(s, r->meta, r->meta_len);
	return e == OK ? put_copy(s, body, rest) : e;
}

enum err kvlog_copy_head(struct kvlog *s, uint64_t to, uint32_t carry)
{
	struct kvlog_pos at = {s->end.seq, s->room + carry};
	struct kvlog_record r;

	s->head = to;
	s->off = s->room;
	s->left = s->end.off - s->room;
	enum err e = put_copy(s, (struct kvlog_pos){at.seq, s->room}, carry);
	while (e == OK && at.off < s->end.off) {
		e = kvlog_record_read(s, at, 0, &r);
		if (e == OK && r.bytes <= s->end.off - at.off) {
			at.off += r.bytes;
			e = copy_record(s, &r, to);
		} else if (e == OK || e == ERR_DAMAGED) {
			e = put_copy(s, at, s->unit);
			at.off += s->unit;
		}
	}
	if (e == OK)
		e = flush(s);
	s->staged = 0;
	s->head = s->end.seq;
	kvlog_count_free(s);
	return e == ERR_AGAIN ? ERR_IO : e;
}

enum err kvlog_append_tail(struct kvlog *s, uint64_t tail)
{
	uint8_t meta[KVLOG_TAIL_META];
	struct kvlog_record r = {.type = KVLOG_TAIL, .meta = meta, .meta_len = sizeof(meta)};

	store_le64(meta, tail);
	return kvlog_append(s, &r);
}

void kvlog_note_retired(struct kvlog *s)
{
	while (s->n_retire > 0) {
		uint8_t key[4];
		struct kvlog_record r = {.type = KVLOG_RETIRED, .key = key, .key_len = sizeof(key)};

		store_le32(key, s->retire[s->n_retire - 1]);
		s->n_retire--;
		s->stats.retired++;
		/* Without room for the note it is found to be bad again after the next mount. */
		if (s->n == s->config.index_len || kvlog_append(s, &r) != OK ||
		    kvlog_apply(s, &r) != OK)
			return;
	}
}
