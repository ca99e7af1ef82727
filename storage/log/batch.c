/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/log/internal.h"

/* In a full store, of so many changes it is found out which of them have the same key. */
enum { COMPARED_MAX = 256 };

/* What all of it takes at most, of the log and of the index. */
struct needs {
	uint64_t bytes, replaced;
	uint32_t entries;
};

/* Whether a change before has the same key. */
static bool is_repeated(const struct kv_change *changes, unsigned i)
{
	for (unsigned j = 0; j < i; j++) {
		if (changes[j].key_len == changes[i].key_len &&
		    memcmp(changes[j].key, changes[i].key, changes[i].key_len) == 0)
			return true;
	}
	return false;
}

static enum err add_up(struct kvlog *s, const struct kv_change *changes, unsigned i,
		       struct needs *needs)
{
	const struct kv_change *c = &changes[i];
	struct kvlog_record old;

	if (!kv_key_is_valid(c->key, c->key_len))
		return ERR_INVALID;
	if (c->bytes != NULL && c->len > s->piece_bytes)
		return ERR_UNSUPPORTED;
	needs->bytes += c->bytes != NULL ? kvlog_record_bytes(s, (uint32_t)c->key_len,
							      KVLOG_VALUE_META, (uint32_t)c->len)
					 : kvlog_record_bytes(s, (uint32_t)c->key_len, 0, 0);
	enum err e = kvlog_find(s, KVLOG_BY_KEY, c->key, c->key_len, &old);
	/* What a key has is replaced once, however often it is named. */
	if (e == OK && i < COMPARED_MAX && !is_repeated(changes, i))
		needs->replaced += old.bytes;
	if (e != OK && e != ERR_NOTFOUND)
		return e;
	needs->entries += e == ERR_NOTFOUND && c->bytes != NULL;
	return OK;
}

static enum err append_change(struct kvlog *s, const struct kv_change *c, unsigned i, unsigned n,
			      struct kvlog_pos *at)
{
	uint8_t meta[KVLOG_VALUE_META];
	struct kvlog_record r = {.type = KVLOG_REMOVED,
				 .key_len = (uint8_t)c->key_len,
				 .key = (const uint8_t *)c->key,
				 .index = (uint16_t)i,
				 .left = (uint16_t)(n - 1 - i)};

	if (c->bytes != NULL) {
		const struct kvlog_meta m = {
			.version = kvlog_version(KVLOG_VERSION_NONE, c->bytes, c->len),
			.modified_s = kvlog_now_s(s)};

		kvlog_meta_emit(&m, meta);
		r.type = KVLOG_VALUE;
		r.meta = meta;
		r.meta_len = sizeof(meta);
		r.body = c->bytes;
		r.body_len = (uint32_t)c->len;
	}
	enum err e = kvlog_append(s, &r);
	*at = r.pos;
	return e;
}

/* Nothing may come between the records: room is made before the first. */
static enum err append_all(struct kvlog *s, const struct kv_change *changes, unsigned n)
{
	struct kvlog_pos start = {0}, at;
	enum err e = OK;

	for (unsigned i = 0; e == OK && i < n; i++) {
		e = append_change(s, &changes[i], i, n, &at);
		if (i == 0)
			start = at;
	}
	return e == OK ? kvlog_replay(s, start, false) : e;
}

enum err kvlog_batch(struct kv_rw *kv, const struct kv_change *changes, unsigned n)
{
	struct kvlog *s = kvlog_of_rw(kv);
	struct needs needs = {0};
	enum err e = s->mounted != OK ? s->mounted : s->config.read_only ? ERR_READONLY : OK;

	if (n > KVLOG_BATCH_MAX)
		return ERR_UNSUPPORTED;
	for (unsigned i = 0; e == OK && i < n; i++)
		e = add_up(s, changes, i, &needs);
	if (e != OK || n == 0)
		return e;
	if (!kvlog_has_capacity(s, needs.bytes, needs.replaced) ||
	    s->n + needs.entries > s->config.index_len)
		e = ERR_NOSPACE;
	if (e == OK)
		e = kvlog_make_room(s, needs.bytes);
	if (e == OK)
		e = append_all(s, changes, n);
	return kvlog_end_change(s, e);
}

/* The record of `from`, to be appended as that of `to`. */
static enum err append_renamed(struct kvlog *s, const char *from, size_t from_len, const char *to,
			       size_t to_len, struct kvlog_pos *start)
{
	uint8_t meta[KVLOG_LARGE_META];
	struct kvlog_record r;
	enum err e = kvlog_find(s, KVLOG_BY_KEY, from, from_len, &r);

	if (e != OK)
		return e;
	struct kvlog_pos body = kvlog_body_pos(s, &r);
	memcpy(meta, r.meta, r.meta_len);
	r.meta = meta;
	r.key = (const uint8_t *)to;
	r.key_len = (uint8_t)to_len;
	r.index = 0;
	r.left = 1;
	r.body_at = &body;
	e = kvlog_append(s, &r);
	*start = r.pos;
	return e;
}

static enum err rename_key(struct kvlog *s, const char *from, size_t from_len, const char *to,
			   size_t to_len)
{
	struct kvlog_record r;
	struct kvlog_pos start;
	struct kvlog_record gone = {.type = KVLOG_REMOVED,
				    .key_len = (uint8_t)from_len,
				    .key = (const uint8_t *)from,
				    .index = 1};
	enum err e = kvlog_find(s, KVLOG_BY_KEY, from, from_len, &r);

	/* Of damaged bytes there is no copy (collect.c). */
	if (e == OK)
		e = kvlog_record_verify(s, &r);
	if (e != OK)
		return e;
	uint32_t need = kvlog_record_bytes(s, (uint32_t)to_len, r.meta_len, r.body_len) +
			kvlog_record_bytes(s, gone.key_len, 0, 0);
	if (need > kvlog_payload(s))
		return ERR_NOSPACE;
	/* For a moment both have an entry. */
	if (s->n == s->config.index_len || !kvlog_has_capacity(s, need, r.bytes))
		return ERR_NOSPACE;
	e = kvlog_make_room(s, need);
	if (e == OK)
		e = append_renamed(s, from, from_len, to, to_len, &start);
	if (e == OK)
		e = kvlog_append(s, &gone);
	return e == OK ? kvlog_replay(s, start, false) : e;
}

enum err kvlog_rename(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
		      size_t to_len)
{
	struct kvlog *s = kvlog_of_rw(kv);
	enum err e = kvlog_begin_change(s, from, from_len);
	struct kv_info info;

	if (e == OK)
		e = kvlog_begin_change(s, to, to_len);
	if (e == OK)
		e = kvlog_stat(&kv->kv, from, from_len, &info);
	if (e != OK || (from_len == to_len && memcmp(from, to, to_len) == 0))
		return e;
	return kvlog_end_change(s, rename_key(s, from, from_len, to, to_len));
}
