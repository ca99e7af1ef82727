/* SPDX-License-Identifier: ISC */
/* The mount: one walk over the headers. */
#include <string.h>

#include "base/attr.h"
#include "storage/tar/tar_format.h"
#include "storage/tar/tar_internal.h"

enum {
	/* Headers that an archive may have: for each file its own, an extended one, two of GNU's
	 * and a folder's, and some over. */
	HEADERS_PER_FILE = 5,
	HEADERS_OVER = 1024,
	/* Of a record, enough for its length, its key and any name that can be one. */
	RECORD_BYTES = 32 + TAR_NAME_BYTES_MAX,
	RECORDS_MAX = 256,
};

/* The walk: what is kept from one header to the next. */
struct walk {
	uint64_t at; /* of the next header */
	struct tar_header header;
	struct tar_overrides overrides;
};

/* --- the index ------------------------------------------------------------------------------- */

/* Makes room for one more at place `i`, with a name of its own. */
static enum err insert(struct tar *t, unsigned i, struct kv_name key)
{
	struct tar_file *f = &t->room.files[i];

	if (t->n == t->room.files_max || key.len > t->room.names_max - t->names_len)
		return ERR_NOMEM;
	memmove(f + 1, f, (t->n - i) * sizeof(*f));
	t->n++;
	f->name_at = (uint32_t)t->names_len;
	f->name_len = (uint32_t)key.len;
	memcpy(t->room.names + t->names_len, key.at, key.len);
	t->names_len += key.len;
	return OK;
}

/* A later member takes the place of an earlier one. */
static enum err add(struct tar *t, struct kv_name key, uint64_t at, uint64_t bytes,
		    uint64_t modified_s)
{
	unsigned i;
	enum err e = tar_search(t, key.at, key.len, &i) ? OK : insert(t, i, key);

	if (e != OK)
		return e;
	t->room.files[i].at = at;
	t->room.files[i].bytes = bytes;
	t->room.files[i].modified_s = modified_s;
	return OK;
}

/* The same bytes under another name, if they are here. */
static enum err add_link(struct tar *t, struct kv_name key, const struct tar_name *link)
{
	struct kv_name target;
	bool is_folder;
	unsigned i;

	if (!tar_name_to_key(link, &target, &is_folder) || is_folder ||
	    !tar_search(t, target.at, target.len, &i)) {
		t->stats.left_out++;
		return OK;
	}
	const struct tar_file f = t->room.files[i];
	return add(t, key, f.at, f.bytes, f.modified_s);
}

/* --- members --------------------------------------------------------------------------------- */

/* Only these have data behind their header; of all else the size is meant otherwise. */
static bool has_data(char type)
{
	return type == TAR_FILE_OLD || type == TAR_FILE || type < TAR_HARD_LINK || type > TAR_FIFO;
}

/* A name of GNU's, which is a member's data. */
static GUARDED enum err read_gnu_name(struct tar *t, const struct walk *w, struct tar_name *name)
{
	char text[TAR_NAME_BYTES_MAX + 1];
	size_t len = (size_t)MIN(w->header.bytes, (uint64_t)sizeof(text));
	enum err e = tar_fetch(t, w->at, text, len);

	if (e == OK)
		tar_name_set(name, text, len);
	return e;
}

static GUARDED enum err read_records(struct tar *t, struct walk *w)
{
	uint64_t at = w->at, left = w->header.bytes, record_bytes;

	for (unsigned i = 0; left > 0; i++) {
		char text[RECORD_BYTES];
		size_t len = (size_t)MIN(left, (uint64_t)sizeof(text));
		enum err e = i < RECORDS_MAX ? tar_fetch(t, at, text, len) : ERR_DAMAGED;
		if (e == OK)
			e = tar_record_parse(&w->overrides, text, len, left, &record_bytes);
		if (e != OK)
			return e;
		at += record_bytes;
		left -= record_bytes;
	}
	return OK;
}

static enum err add_member(struct tar *t, const struct walk *w, uint64_t modified_s)
{
	const struct tar_overrides *o = &w->overrides;
	const struct tar_header *h = &w->header;
	const bool is_file = h->type == TAR_FILE || h->type == TAR_FILE_OLD ||
			     h->type == TAR_CONTIGUOUS_FILE;
	struct kv_name key;
	bool is_folder;

	if (h->type == TAR_FOLDER)
		return OK; /* there when something is below it */
	if (!tar_name_to_key(o->has_name ? &o->name : &h->name, &key, &is_folder)) {
		t->stats.left_out++;
		return OK;
	}
	if (is_file)
		return is_folder ? OK : add(t, key, w->at, h->bytes, modified_s);
	if (h->type == TAR_HARD_LINK && !is_folder)
		return add_link(t, key, o->has_link ? &o->link : &h->link);
	t->stats.left_out++;
	return OK;
}

/* What stands at w->at, behind its header. */
static enum err take_member(struct tar *t, struct walk *w)
{
	struct tar_overrides *o = &w->overrides;
	enum err e;

	switch (w->header.type) {
	case TAR_EXTENDED:
		return read_records(t, w);
	case TAR_EXTENDED_GLOBAL:
		return OK; /* comments and the like */
	case TAR_GNU_LONG_NAME:
		o->has_name = true;
		return read_gnu_name(t, w, &o->name);
	case TAR_GNU_LONG_LINK:
		o->has_link = true;
		return read_gnu_name(t, w, &o->link);
	default:
		e = add_member(t, w, o->has_modified ? o->modified_s : w->header.modified_s);
		*o = (struct tar_overrides){0};
		return e;
	}
}

/* Whether the header describes the member that overrides are for. */
static bool is_member(char type)
{
	return type != TAR_EXTENDED && type != TAR_EXTENDED_GLOBAL && type != TAR_GNU_LONG_NAME &&
	       type != TAR_GNU_LONG_LINK;
}

/* One header and what is behind it. ERR_EOF at the end of the archive. */
static enum err step(struct tar *t, struct walk *w)
{
	uint8_t block[TAR_BLOCK_BYTES];

	if (t->size_bytes - w->at < sizeof(block))
		return ERR_EOF; /* archives may end without saying so */
	enum err e = tar_fetch(t, w->at, block, sizeof(block));
	if (e != OK)
		return e;
	if (tar_is_end(block))
		return ERR_EOF;
	e = tar_header_parse(&w->header, block);
	if (e != OK)
		return e;
	w->at += sizeof(block);
	if (w->overrides.has_bytes && is_member(w->header.type))
		w->header.bytes = w->overrides.bytes;
	const uint64_t bytes = has_data(w->header.type) ? w->header.bytes : 0;
	if (bytes > t->size_bytes - w->at)
		return ERR_DAMAGED;
	e = take_member(t, w);
	w->at += bytes;
	w->at += MIN(-bytes % TAR_BLOCK_BYTES, t->size_bytes - w->at);
	return e;
}

enum err tar_index(struct tar *t)
{
	struct walk w = {0};
	const uint64_t headers_max = (uint64_t)t->room.files_max * HEADERS_PER_FILE + HEADERS_OVER;
	enum err e;

	while ((e = step(t, &w)) == OK) {
		if (++t->stats.headers > headers_max)
			return ERR_DAMAGED;
	}
	return e == ERR_EOF ? OK : e;
}
