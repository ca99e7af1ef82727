/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/log/internal.h"

/* The writer that `w` is; NULL: it has been closed. */
static struct kvlog_open *open_of(struct kv_writer *w)
{
	struct kvlog_open *o = &kvlog_of_rw(w->kv)->writer;

	return o->used && w->place[0] == o->number ? o : NULL;
}

enum err kvlog_writer_open(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len)
{
	struct kvlog *s = kvlog_of_rw(kv);
	struct kvlog_open *o = &s->writer;
	enum err e = kvlog_begin_change(s, key, key_len);

	if (e != OK)
		return e;
	if (s->config.piece == NULL)
		return ERR_UNSUPPORTED;
	if (o->used)
		return ERR_NOMEM;
	*o = (struct kvlog_open){.used = true,
				 .key_len = (uint8_t)key_len,
				 .version = kvlog_version(KVLOG_VERSION_NONE, NULL, 0),
				 .number = o->number + 1};
	memcpy(o->key, key, key_len);
	*w = (struct kv_writer){.kv = kv, .place = {o->number}};
	return OK;
}

/* Appends what is collected as the next piece. */
static enum err put_piece(struct kvlog *s, struct kvlog_open *o)
{
	uint64_t i = o->bytes / s->piece_bytes;

	if (i == 0) {
		enum err e = kvlog_make_room(
			s, kvlog_record_bytes(s, KVLOG_PIECE_KEY, 0, s->piece_bytes));
		if (e != OK)
			return e;
		o->id = kvlog_new_id(s);
	}
	enum err e = i <= UINT32_MAX
			     ? kvlog_put_piece(s, o->id, (uint32_t)i, s->config.piece, o->filled)
			     : ERR_NOSPACE;
	if (e != OK)
		return e;
	o->bytes += o->filled;
	o->filled = 0;
	return OK;
}

enum err kvlog_writer_append(struct kv_writer *w, const void *bytes, size_t len)
{
	struct kvlog *s = kvlog_of_rw(w->kv);
	struct kvlog_open *o = open_of(w);
	const uint8_t *p = bytes;
	enum err e = OK;

	if (o == NULL || o->failed)
		return ERR_CLOSED;
	o->version = kvlog_version(o->version, bytes, len);
	while (e == OK && len > 0) {
		if (o->filled == s->piece_bytes)
			e = kvlog_end_change(s, put_piece(s, o));
		if (e != OK)
			break;
		uint32_t n = (uint32_t)MIN(len, (size_t)(s->piece_bytes - o->filled));

		memcpy(&s->config.piece[o->filled], p, n);
		o->filled += n;
		p += n;
		len -= n;
	}
	o->failed = e != OK;
	return e;
}

static enum err keep_value(struct kvlog *s, struct kvlog_open *o)
{
	struct kvlog_meta m = {
		.version = o->version, .modified_s = kvlog_now_s(s), .piece_bytes = s->piece_bytes};

	if (o->bytes == 0)
		return kvlog_put_small(s, (const char *)o->key, o->key_len, s->config.piece,
				       o->filled, o->version);
	enum err e = put_piece(s, o);
	m.bytes = o->bytes;
	m.id = o->id;
	return e == OK ? kvlog_put_large(s, (const char *)o->key, o->key_len, &m) : e;
}

enum err kvlog_writer_close(struct kv_writer *w, bool keep)
{
	struct kvlog *s = kvlog_of_rw(w->kv);
	struct kvlog_open *o = open_of(w);
	enum err e = OK;

	if (o == NULL)
		return ERR_CLOSED;
	if (keep)
		e = o->failed ? ERR_CLOSED : kvlog_end_change(s, keep_value(s, o));
	if ((!keep || e != OK) && o->bytes > 0) {
		const struct kvlog_meta m = {
			.bytes = o->bytes, .id = o->id, .piece_bytes = s->piece_bytes};

		(void)!kvlog_forget_pieces(s, &m, UINT32_MAX);
	}
	o->used = false;
	return e;
}
