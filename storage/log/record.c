/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/crc32c.h"
#include "storage/log/internal.h"

static uint32_t meta_bytes(uint8_t type)
{
	switch (type) {
	case KVLOG_VALUE:
		return KVLOG_VALUE_META;
	case KVLOG_LARGE:
		return KVLOG_LARGE_META;
	case KVLOG_TAIL:
		return KVLOG_TAIL_META;
	default:
		return 0;
	}
}

uint32_t kvlog_record_bytes(const struct kvlog *s, uint32_t key_len, uint32_t meta_len,
			    uint32_t body_len)
{
	return ROUND_UP(KVLOG_RECORD_BYTES + key_len + meta_len + body_len, s->unit);
}

/* Binds a header to its place, so that what an older use of the block has left is none. */
static uint32_t seed(const struct kvlog *s, struct kvlog_pos at)
{
	uint8_t bytes[20];

	store_le64(&bytes[0], s->id);
	store_le64(&bytes[8], at.seq);
	store_le32(&bytes[16], at.off);
	return crc32c(0, bytes, sizeof(bytes));
}

static uint32_t header_crc(const struct kvlog *s, struct kvlog_pos at, const uint8_t *header,
			   const uint8_t *key, uint32_t key_len, const uint8_t *meta,
			   uint32_t meta_len)
{
	uint32_t crc = crc32c(seed(s, at), header, KVLOG_RECORD_BYTES - 4);

	return crc32c(crc32c(crc, key, key_len), meta, meta_len);
}

void kvlog_record_emit(const struct kvlog *s, const struct kvlog_record *r,
		       uint8_t out[KVLOG_RECORD_BYTES])
{
	out[0] = r->type;
	out[1] = r->key_len;
	store_le16(&out[2], (uint16_t)MIN(r->claim / s->unit, UINT16_MAX));
	store_le32(&out[4], r->body_len);
	store_le16(&out[8], r->index);
	store_le16(&out[10], r->left);
	store_le32(&out[12], r->body_crc);
	store_le32(&out[16], header_crc(s, r->pos, out, r->key, r->key_len, r->meta, r->meta_len));
}

/* Whether lengths are such as this store writes, and it ends in the next block at the latest. */
static bool has_right_lengths(const struct kvlog *s, const struct kvlog_record *r)
{
	if (r->body_len > kvlog_payload(s))
		return false;
	if (kvlog_record_bytes(s, r->key_len, r->meta_len, r->body_len) > kvlog_payload(s))
		return false;
	switch (r->type) {
	case KVLOG_VALUE:
		return r->key_len > 0;
	case KVLOG_LARGE:
	case KVLOG_REMOVED:
		return r->key_len > 0 && r->body_len == 0;
	case KVLOG_PIECE:
		return r->key_len == KVLOG_PIECE_KEY && r->body_len > 0;
	case KVLOG_RETIRED:
		return r->key_len == 4 && r->body_len == 0;
	case KVLOG_TAIL:
		return r->key_len == 0 && r->body_len == 0;
	default:
		return false;
	}
}

/* Keys of a medium that somebody has prepared are no other than those that a change may have. */
static bool has_right_key(const struct kvlog_record *r)
{
	return r->type == KVLOG_PIECE || r->type == KVLOG_RETIRED || r->type == KVLOG_TAIL ||
	       kv_key_is_valid((const char *)r->key, r->key_len);
}

enum err kvlog_record_read(struct kvlog *s, struct kvlog_pos at, unsigned buffer,
			   struct kvlog_record *r)
{
	uint8_t *p = s->probe[buffer];
	enum err e = kvlog_read(s, at, p, KVLOG_RECORD_BYTES);

	if (e != OK)
		return e;
	*r = (struct kvlog_record){.pos = at,
				   .type = p[0],
				   .key_len = p[1],
				   .claim = load_le16(&p[2]) * s->unit,
				   .body_len = load_le32(&p[4]),
				   .index = load_le16(&p[8]),
				   .left = load_le16(&p[10]),
				   .body_crc = load_le32(&p[12]),
				   .key = &p[KVLOG_RECORD_BYTES],
				   .meta = &p[KVLOG_RECORD_BYTES + p[1]],
				   .meta_len = meta_bytes(p[0])};
	if (!has_right_lengths(s, r))
		return ERR_DAMAGED;
	r->bytes = kvlog_record_bytes(s, r->key_len, r->meta_len, r->body_len);
	e = kvlog_read(s, kvlog_pos_add(s, at, KVLOG_RECORD_BYTES), &p[KVLOG_RECORD_BYTES],
		       r->key_len + r->meta_len);
	if (e == OK &&
	    (load_le32(&p[16]) != header_crc(s, at, p, r->key, r->key_len, r->meta, r->meta_len) ||
	     !has_right_key(r)))
		return ERR_DAMAGED;
	return e;
}

struct kvlog_pos kvlog_body_pos(const struct kvlog *s, const struct kvlog_record *r)
{
	return kvlog_pos_add(s, r->pos, KVLOG_RECORD_BYTES + r->key_len + r->meta_len);
}

enum err kvlog_record_verify(struct kvlog *s, const struct kvlog_record *r)
{
	uint8_t *p = s->config.buffer;
	uint32_t crc = 0, left = r->body_len;

	/* The buffer holds nothing between two records. */
	assert(s->staged == 0);
	for (struct kvlog_pos at = kvlog_body_pos(s, r); left > 0;) {
		uint32_t n = MIN(left, s->config.buffer_bytes);
		enum err e = kvlog_read(s, at, p, n);

		if (e != OK)
			return e;
		crc = crc32c(crc, p, n);
		left -= n;
		at = kvlog_pos_add(s, at, n);
	}
	return crc == r->body_crc ? OK : ERR_DAMAGED;
}

struct kvlog_meta kvlog_meta_of(const struct kvlog_record *r)
{
	struct kvlog_meta m = {.version = load_le64(&r->meta[0]),
			       .modified_s = load_le64(&r->meta[8]),
			       .bytes = r->body_len};

	if (r->type == KVLOG_LARGE) {
		m.bytes = load_le64(&r->meta[16]);
		m.id = load_le64(&r->meta[24]);
		m.piece_bytes = load_le32(&r->meta[32]);
	}
	return m;
}

void kvlog_meta_emit(const struct kvlog_meta *m, uint8_t *out)
{
	store_le64(&out[0], m->version);
	store_le64(&out[8], m->modified_s);
	if (m->piece_bytes == 0)
		return;
	store_le64(&out[16], m->bytes);
	store_le64(&out[24], m->id);
	store_le32(&out[32], m->piece_bytes);
}
