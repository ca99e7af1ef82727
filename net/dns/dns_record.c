/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_record.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

enum {
	POINTER = 0xc000,
	POINTER_MAX = 0x3fff,
	QUESTION_BYTES = 4, /* behind its name, and … */
	RECORD_BYTES = 10,  /* … of a record, in front of its data */
};

enum err dns_question_read(struct dns_reader *r, struct dns_record *out)
{
	if (dns_name_read(&out->owner, r) != OK || r->len - r->at < QUESTION_BYTES)
		return ERR_INVALID;
	const uint8_t *at = r->msg + r->at;
	out->type = load_be16(at);
	out->class = load_be16(at + 2);
	r->at += QUESTION_BYTES;
	return OK;
}

/* It begins as a question does. */
enum err dns_record_read(struct dns_reader *r, struct dns_record *out)
{
	if (dns_question_read(r, out) != OK || r->len - r->at < RECORD_BYTES - QUESTION_BYTES)
		return ERR_INVALID;
	const uint8_t *at = r->msg + r->at;
	out->ttl_s = load_be32(at);
	if (out->ttl_s > INT32_MAX)
		out->ttl_s = 0;
	out->data_bytes = load_be16(at + 4);
	out->data = r->at + RECORD_BYTES - QUESTION_BYTES;
	if (out->data_bytes > r->len - out->data)
		return ERR_INVALID;
	r->at = out->data + out->data_bytes;
	return OK;
}

/* --- writing --------------------------------------------------------------------------------- */

void dns_writer_init(struct dns_writer *w, uint8_t *out, size_t max, uint16_t id, uint16_t flags)
{
	assert(max >= DNS_HEADER_BYTES);
	memset(out, 0, DNS_HEADER_BYTES);
	store_be16(out, id);
	store_be16(out + 2, flags);
	w->out = out;
	w->len = DNS_HEADER_BYTES;
	w->max = max;
	w->failed = false;
	w->n_labels = 0;
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

	if (at != NULL)
		memcpy(at, bytes, len);
}

/* Whether the name at `at` of the message, if it is all there, is the one at `labels`. */
static bool is_same(const struct dns_writer *w, size_t at, const uint8_t *labels)
{
	for (;;) {
		size_t label_bytes = 1u + *labels;
		if (at < w->len && w->out[at] >= POINTER >> 8)
			at = load_be16(w->out + at) & POINTER_MAX;
		if (at + label_bytes > w->len || !dns_bytes_equal(w->out + at, labels, label_bytes))
			return false;
		if (*labels == 0)
			return true;
		at += label_bytes;
		labels += label_bytes;
	}
}

/* Where the name at `labels` stands in the message; 0: nowhere. */
static size_t find_name(const struct dns_writer *w, const uint8_t *labels)
{
	for (unsigned i = 0; i < w->n_labels; i++) {
		if (is_same(w, w->label[i], labels))
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
	const uint8_t *labels = name->bytes;
	size_t there = 0;

	for (; *labels != 0 && (there = find_name(w, labels)) == 0; labels += 1u + *labels) {
		note_label(w);
		dns_put_bytes(w, labels, 1u + *labels);
	}
	uint16_t pointer = __builtin_bswap16((uint16_t)(POINTER | there));
	dns_put_bytes(w, there != 0 ? (const void *)&pointer : labels,
		      there != 0 ? sizeof(pointer) : 1);
}

void dns_put_whole_name(struct dns_writer *w, const struct dns_name *name)
{
	dns_put_bytes(w, name->bytes, name->len);
}

/* What a question and a record begin with; returns where the rest of its `len` bytes goes. */
static uint8_t *put_head(struct dns_writer *w, const struct dns_name *name, uint16_t type,
			 uint16_t class, size_t len)
{
	dns_put_name(w, name);
	uint8_t *at = next(w, len);
	if (at == NULL)
		return NULL;
	store_be16(at, type);
	store_be16(at + 2, class);
	return at + QUESTION_BYTES;
}

void dns_put_question(struct dns_writer *w, const struct dns_name *name, uint16_t type,
		      uint16_t class)
{
	(void)put_head(w, name, type, class, QUESTION_BYTES);
}

void dns_put_record(struct dns_writer *w, const struct dns_name *owner, uint16_t type,
		    uint16_t class, uint32_t ttl_s)
{
	w->record = w->len;
	uint8_t *at = put_head(w, owner, type, class, RECORD_BYTES);
	if (at != NULL)
		store_be32(at, ttl_s);
	w->data = w->len;
}

/* Forgets the record, and that it failed. */
static void go_back(struct dns_writer *w)
{
	w->len = w->record;
	w->failed = false;
	while (w->n_labels > 0 && w->label[w->n_labels - 1] >= w->len)
		w->n_labels--;
}

bool dns_put_end(struct dns_writer *w, enum dns_section section)
{
	if (w->failed) {
		go_back(w);
		return false;
	}
	store_be16(w->out + w->data - 2, (uint16_t)(w->len - w->data));
	dns_count(w, section);
	return true;
}

void dns_count(struct dns_writer *w, enum dns_section section)
{
	store_be16(w->out + section, (uint16_t)(load_be16(w->out + section) + 1));
}
