/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/log/internal.h"

/* FNV-1a, 64 bits (draft-eastlake-fnv). */
uint64_t kvlog_version(uint64_t so_far, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t h = so_far == KVLOG_VERSION_NONE ? 0xcbf29ce484222325 : so_far;

	while (len-- > 0)
		h = (h ^ *p++) * 0x100000001b3;
	return h;
}

uint64_t kvlog_now_s(const struct kvlog *s)
{
	return s->config.now_s != NULL ? s->config.now_s(s->config.now_arg) : 0;
}

enum err kvlog_begin_change(struct kvlog *s, const char *key, size_t key_len)
{
	if (s->mounted != OK)
		return s->mounted;
	if (!kv_key_is_valid(key, key_len))
		return ERR_INVALID;
	return s->config.read_only ? ERR_READONLY : OK;
}

void kvlog_settle_suspects(struct kvlog *s, enum err e)
{
	if (e == OK)
		kvlog_note_retired(s);
	else
		kvlog_unsuspect(s);
	s->generation++;
}

enum err kvlog_end_change(struct kvlog *s, enum err e)
{
	s->stats.full += e == ERR_NOSPACE;
	kvlog_settle_suspects(s, e);
	return e;
}

/* --- reading --------------------------------------------------------------------------------- */

static enum err find(struct kvlog *s, const char *key, size_t key_len, struct kvlog_record *r)
{
	if (s->mounted != OK)
		return s->mounted;
	if (key_len == 0 || key_len > KV_KEY_BYTES_MAX)
		return ERR_NOTFOUND;
	return kvlog_find(s, KVLOG_BY_KEY, key, key_len, r);
}

enum err kvlog_stat(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	struct kvlog_record r;
	enum err e = find(kvlog_of(kv), key, key_len, &r);

	if (e != OK)
		return e;
	struct kvlog_meta m = kvlog_meta_of(&r);
	*out = (struct kv_info){.bytes = m.bytes, .version = m.version, .modified_s = m.modified_s};
	return OK;
}

/* Reads from the bytes of one record, whose CRC is checked once in a row. */
static enum err read_body(struct kvlog *s, const struct kvlog_record *r, uint32_t offset, void *out,
			  uint32_t len)
{
	uint64_t place = (uint64_t)kvlog_place(s, r->pos) + 1;

	if (s->verified != place || s->verified_generation != s->generation) {
		enum err e = kvlog_record_verify(s, r);

		s->stats.damaged += e == ERR_DAMAGED;
		if (e != OK)
			return e;
		s->verified = place;
		s->verified_generation = s->generation;
	}
	return kvlog_read(s, kvlog_pos_add(s, kvlog_body_pos(s, r), offset), out, len);
}

static ssize_t read_pieces(struct kvlog *s, const struct kvlog_meta *m, uint64_t offset,
			   uint8_t *out, size_t len)
{
	uint8_t key[KVLOG_PIECE_KEY];
	struct kvlog_record r;
	size_t done = 0;

	while (done < len) {
		uint64_t i = (offset + done) / m->piece_bytes;
		uint32_t in = (uint32_t)((offset + done) % m->piece_bytes);

		store_le64(&key[0], m->id);
		store_le32(&key[8], (uint32_t)i);
		enum err e = i <= UINT32_MAX ? kvlog_find(s, KVLOG_BY_PIECE, key, sizeof(key), &r)
					     : ERR_NOTFOUND;
		/* Not the last, and shorter than all, or not there at all. */
		if (e == ERR_NOTFOUND || (e == OK && r.body_len <= in))
			e = ERR_DAMAGED;
		if (e != OK)
			return e;
		uint32_t n = (uint32_t)MIN(len - done, (size_t)(r.body_len - in));
		e = read_body(s, &r, in, out + done, n);
		if (e != OK)
			return e;
		done += n;
	}
	return (ssize_t)done;
}

ssize_t kvlog_get_bytes(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
			size_t len)
{
	struct kvlog *s = kvlog_of(kv);
	struct kvlog_record r;
	enum err e = find(s, key, key_len, &r);

	if (e != OK)
		return e;
	struct kvlog_meta m = kvlog_meta_of(&r);
	if (offset >= m.bytes)
		return 0;
	len = (size_t)MIN((uint64_t)len, m.bytes - offset);
	if (m.piece_bytes > 0)
		return read_pieces(s, &m, offset, out, len);
	if (r.type == KVLOG_LARGE)
		return ERR_DAMAGED;
	e = read_body(s, &r, (uint32_t)offset, out, (uint32_t)len);
	return e == OK ? (ssize_t)len : e;
}

/* --- changing -------------------------------------------------------------------------------- */

/* Makes room for a record of a key, and says whether it may be written. */
static enum err prepare(struct kvlog *s, const char *key, size_t key_len, uint32_t bytes,
			uint32_t entries)
{
	struct kvlog_record old;
	enum err e = kvlog_make_room(s, bytes);

	if (e != OK)
		return e;
	e = find(s, key, key_len, &old);
	if (e != OK && e != ERR_NOTFOUND)
		return e;
	uint64_t less = e == OK ? old.bytes : 0;
	if (e == OK && old.type == KVLOG_LARGE)
		less += kvlog_meta_of(&old).bytes;
	if (!kvlog_has_capacity(s, bytes, less))
		return ERR_NOSPACE;
	return s->n + entries - (e == OK) <= s->config.index_len ? OK : ERR_NOSPACE;
}

static enum err append_and_apply(struct kvlog *s, struct kvlog_record *r)
{
	enum err e = kvlog_append(s, r);

	return e == OK ? kvlog_apply(s, r) : e;
}

enum err kvlog_put_small(struct kvlog *s, const char *key, size_t key_len, const void *bytes,
			 size_t len, uint64_t version)
{
	const struct kvlog_meta m = {.version = version, .modified_s = kvlog_now_s(s)};
	uint8_t meta[KVLOG_VALUE_META];
	struct kvlog_record r = {.type = KVLOG_VALUE,
				 .key_len = (uint8_t)key_len,
				 .key = (const uint8_t *)key,
				 .meta = meta,
				 .meta_len = sizeof(meta),
				 .body = bytes,
				 .body_len = (uint32_t)len};
	enum err e = prepare(s, key, key_len,
			     kvlog_record_bytes(s, r.key_len, r.meta_len, r.body_len), 1);

	kvlog_meta_emit(&m, meta);
	return e == OK ? append_and_apply(s, &r) : e;
}

uint64_t kvlog_new_id(const struct kvlog *s)
{
	return s->end.seq * kvlog_block_bytes(s) + s->end.off;
}

enum err kvlog_put_piece(struct kvlog *s, uint64_t id, uint32_t i, const void *bytes, size_t len)
{
	uint8_t key[KVLOG_PIECE_KEY];
	struct kvlog_record r = {.type = KVLOG_PIECE,
				 .key = key,
				 .key_len = sizeof(key),
				 .body = bytes,
				 .body_len = (uint32_t)len};
	uint32_t need = kvlog_record_bytes(s, sizeof(key), 0, r.body_len);
	enum err e = kvlog_make_room(s, need);

	store_le64(&key[0], id);
	store_le32(&key[8], i);
	if (e == OK && (!kvlog_has_capacity(s, need, 0) || s->n == s->config.index_len))
		e = ERR_NOSPACE;
	return e == OK ? append_and_apply(s, &r) : e;
}

enum err kvlog_put_large(struct kvlog *s, const char *key, size_t key_len,
			 const struct kvlog_meta *m)
{
	uint8_t meta[KVLOG_LARGE_META];
	struct kvlog_record r = {.type = KVLOG_LARGE,
				 .key_len = (uint8_t)key_len,
				 .key = (const uint8_t *)key,
				 .meta = meta,
				 .meta_len = sizeof(meta)};
	enum err e = prepare(s, key, key_len, kvlog_record_bytes(s, r.key_len, r.meta_len, 0), 2);

	kvlog_meta_emit(m, meta);
	return e == OK ? append_and_apply(s, &r) : e;
}

/* A value in pieces: nothing leads to them until the last record, which lists them, is there. */
static enum err set_large(struct kvlog *s, const char *key, size_t key_len, const uint8_t *bytes,
			  size_t len)
{
	uint64_t need = ((len - 1) / s->piece_bytes + 1) *
			(uint64_t)kvlog_record_bytes(s, KVLOG_PIECE_KEY, 0, s->piece_bytes);
	struct kvlog_meta m = {
		.modified_s = kvlog_now_s(s), .bytes = len, .piece_bytes = s->piece_bytes};
	enum err e = kvlog_has_capacity(s, need, 0) ? kvlog_make_room(s, need) : ERR_NOSPACE;

	m.version = kvlog_version(KVLOG_VERSION_NONE, bytes, len);
	m.id = kvlog_new_id(s);
	for (size_t at = 0; e == OK && at < len; at += s->piece_bytes)
		e = kvlog_put_piece(s, m.id, (uint32_t)(at / s->piece_bytes), bytes + at,
				    MIN((size_t)s->piece_bytes, len - at));
	if (e == OK)
		e = kvlog_put_large(s, key, key_len, &m);
	if (e != OK)
		(void)!kvlog_forget_pieces(s, &m, UINT32_MAX);
	return e;
}

enum err kvlog_set(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes, size_t len)
{
	struct kvlog *s = kvlog_of_rw(kv);
	enum err e = kvlog_begin_change(s, key, key_len);

	if (e != OK)
		return e;
	if (len <= s->piece_bytes)
		e = kvlog_put_small(s, key, key_len, bytes, len,
				    kvlog_version(KVLOG_VERSION_NONE, bytes, len));
	else
		e = set_large(s, key, key_len, bytes, len);
	return kvlog_end_change(s, e);
}

enum err kvlog_remove(struct kv_rw *kv, const char *key, size_t key_len)
{
	struct kvlog *s = kvlog_of_rw(kv);
	struct kvlog_record r = {
		.type = KVLOG_REMOVED, .key_len = (uint8_t)key_len, .key = (const uint8_t *)key};
	struct kvlog_record old;
	enum err e = kvlog_begin_change(s, key, key_len);

	if (e == OK)
		e = find(s, key, key_len, &old);
	if (e != OK)
		return e;
	e = kvlog_make_room_to_remove(s, kvlog_record_bytes(s, r.key_len, 0, 0));
	if (e == OK)
		e = append_and_apply(s, &r);
	return kvlog_end_change(s, e);
}
