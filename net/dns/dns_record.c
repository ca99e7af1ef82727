/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_record.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/cursor.h"

enum { POINTER = 0xc000, POINTER_MAX = 0x3fff };

enum err dns_question_read(struct dns_reader *r, struct dns_name *name, uint16_t *type,
			   uint16_t *class)
{
	enum err e = dns_name_read(name, r->msg, r->len, &r->at);
	if (e != OK)
		return e;
	struct cursor c = cursor_over(r->msg + r->at, r->len - r->at);
	*type = cursor_be16(&c);
	*class = cursor_be16(&c);
	r->at += 4;
	return cursor_ok(&c) ? OK : ERR_INVALID;
}

enum err dns_record_read(struct dns_reader *r, struct dns_record *out)
{
	enum err e = dns_name_read(&out->owner, r->msg, r->len, &r->at);
	if (e != OK)
		return e;
	struct cursor c = cursor_over(r->msg + r->at, r->len - r->at);
	out->type = cursor_be16(&c);
	out->class = cursor_be16(&c);
	out->ttl_s = cursor_be32(&c);
	out->data_bytes = cursor_be16(&c);
	const uint8_t *data = cursor_bytes(&c, out->data_bytes);
	if (!cursor_ok(&c))
		return ERR_INVALID;
	if (out->ttl_s > INT32_MAX)
		out->ttl_s = 0;
	out->data = (size_t)(data - r->msg);
	r->at = out->data + out->data_bytes;
	return OK;
}

/* --- writing --------------------------------------------------------------------------------- */

struct dns_writer dns_writer_over(uint8_t *out, size_t max, uint16_t id, uint16_t flags)
{
	assert(max >= DNS_HEADER_BYTES);
	memset(out, 0, DNS_HEADER_BYTES);
	store_be16(out, id);
	store_be16(out + 2, flags);
	return (struct dns_writer){.out = out, .len = DNS_HEADER_BYTES, .max = max};
}

/* Where the next `len` bytes go, or NULL if they do not fit. */
static uint8_t *next(struct dns_writer *w, size_t len)
{
	uint8_t *at = w->out + w->len;

	if (w->failed || len > w->max - w->len) {
		w->failed = true;
		return NULL;
	}
	w->len += len;
	return at;
}

void dns_put_bytes(struct dns_writer *w, const void *bytes, size_t len)
{
	uint8_t *at = next(w, len);

	if (at != NULL && len > 0)
		memcpy(at, bytes, len);
}

void dns_put_be16(struct dns_writer *w, uint16_t value)
{
	uint8_t *at = next(w, sizeof(value));

	if (at != NULL)
		store_be16(at, value);
}

void dns_put_be32(struct dns_writer *w, uint32_t value)
{
	uint8_t *at = next(w, sizeof(value));

	if (at != NULL)
		store_be32(at, value);
}

/* Where the end of `name` from byte `from` on stands in the message; 0: nowhere. */
static size_t find_end(const struct dns_writer *w, const struct dns_name *name, size_t from)
{
	struct dns_name there;

	for (unsigned i = 0; i < w->n_labels; i++) {
		size_t at = w->label[i];
		if (w->out[at] != name->bytes[from]) /* labels of other lengths */
			continue;
		if (dns_name_read(&there, w->out, w->len, &at) == OK &&
		    dns_name_ends(name, from, &there))
			return w->label[i];
	}
	return 0;
}

static void note_label(struct dns_writer *w)
{
	if (w->n_labels < DNS_WRITER_LABELS_MAX && w->len <= POINTER_MAX)
		w->label[w->n_labels++] = (uint16_t)w->len;
}

void dns_put_name(struct dns_writer *w, const struct dns_name *name)
{
	size_t from = 0;

	while (name->bytes[from] != 0) {
		size_t there = find_end(w, name, from);
		if (there != 0) {
			dns_put_be16(w, (uint16_t)(POINTER | there));
			return;
		}
		size_t label_bytes = 1u + name->bytes[from];
		note_label(w);
		dns_put_bytes(w, name->bytes + from, label_bytes);
		from += label_bytes;
	}
	dns_put_bytes(w, name->bytes + from, 1);
}

void dns_put_whole_name(struct dns_writer *w, const struct dns_name *name)
{
	dns_put_bytes(w, name->bytes, name->len);
}

size_t dns_put_record(struct dns_writer *w, const struct dns_name *owner, uint16_t type,
		      uint16_t class, uint32_t ttl_s)
{
	dns_put_name(w, owner);
	dns_put_be16(w, type);
	dns_put_be16(w, class);
	dns_put_be32(w, ttl_s);
	dns_put_be16(w, 0);
	return w->len;
}

void dns_put_end(struct dns_writer *w, size_t data)
{
	if (!w->failed)
		store_be16(w->out + data - 2, (uint16_t)(w->len - data));
}

void dns_count(struct dns_writer *w, enum dns_section section)
{
	store_be16(w->out + section, (uint16_t)(load_be16(w->out + section) + 1));
}

void dns_writer_back(struct dns_writer *w, size_t len)
{
	assert(len >= DNS_HEADER_BYTES && len <= w->len);
	w->len = len;
	w->failed = false;
	while (w->n_labels > 0 && w->label[w->n_labels - 1] >= len)
		w->n_labels--;
}
