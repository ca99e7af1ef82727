/* SPDX-License-Identifier: ISC */
/*
 * Listings are in the order of a hash of the names, which changes have no influence on: a cursor is
 * the hash of the last one, and what has come or gone since moves no other. One look at all keys
 * finds the next few names.
 */
#include <string.h>

#include "storage/log/internal.h"

/* The part of the key below the folder up to the next slash; false: it is not below it. */
static bool name_of(const struct kvlog_record *r, const char *folder, size_t folder_len,
		    const uint8_t **name, size_t *len)
{
	size_t skip = folder_len > 0 ? folder_len + 1 : 0;

	if (r->key_len <= skip || memcmp(r->key, folder, folder_len) != 0)
		return false;
	if (skip > 0 && r->key[folder_len] != '/')
		return false;
	*name = r->key + skip;
	const uint8_t *slash = memchr(*name, '/', r->key_len - skip);
	*len = slash != NULL ? (size_t)(slash - *name) : r->key_len - skip;
	return true;
}

/* Where in the listing a hash is or belongs. */
static unsigned position(const struct kvlog_listing *l, uint64_t hash)
{
	unsigned i = 0;

	while (i < l->n && l->found[i].hash < hash)
		i++;
	return i;
}

/* Takes a name in, if it is among the first of those that are listed next. */
static void take(struct kvlog_listing *l, const struct kvlog_listed *new)
{
	unsigned i = position(l, new->hash);

	if (i < l->n && l->found[i].hash == new->hash) {
		struct kvlog_listed *there = &l->found[i];

		/* What a name stands for is told by the record of the key itself. */
		if (new->is_key)
			there->place = new->place;
		there->is_key |= new->is_key;
		there->is_folder |= new->is_folder;
		return;
	}
	if (l->n == KVLOG_LISTED)
		l->complete = false;
	if (i == KVLOG_LISTED)
		return;
	l->n = MIN(l->n + 1, (unsigned)KVLOG_LISTED);
	memmove(&l->found[i + 1], &l->found[i], (l->n - 1 - i) * sizeof(l->found[0]));
	l->found[i] = *new;
}

/* Looks at all keys for the names of a folder whose hashes are greater than `after`. */
static enum err look(struct kvlog *s, const char *folder, size_t folder_len, bool begins,
		     uint64_t after)
{
	struct kvlog_listing *l = &s->listing;
	struct kvlog_record r;

	l->n = 0;
	l->complete = true;
	for (uint32_t i = 0; i < s->n; i++) {
		const uint8_t *name;
		size_t len;
		const struct kvlog_entry *entry = &s->config.index[i];
		enum err e = kvlog_record_read(s, kvlog_pos_of(s, entry->place), 1, &r);

		if (e == ERR_DAMAGED) {
			s->stats.damaged++;
			continue;
		}
		if (e != OK)
			return e;
		if (kvlog_class_of(&r) != KVLOG_BY_KEY ||
		    !name_of(&r, folder, folder_len, &name, &len))
			continue;
		bool is_key = name + len == r.key + r.key_len;
		const struct kvlog_listed new = {.hash = kvlog_hash(s, KVLOG_BY_KEY, name, len),
						 .place = entry->place,
						 .name_len = (uint16_t)len,
						 .is_key = is_key,
						 .is_folder = !is_key};
		if (begins || new.hash > after)
			take(l, &new);
	}
	return OK;
}

static enum err fill_entry(struct kvlog *s, size_t folder_len, const struct kvlog_listed *found,
			   struct kv_entry *out)
{
	struct kvlog_record r;
	size_t skip = folder_len > 0 ? folder_len + 1 : 0;
	enum err e = kvlog_record_read(s, kvlog_pos_of(s, found->place), 1, &r);

	if (e != OK)
		return e;
	memcpy(out->name, r.key + skip, found->name_len);
	out->name[found->name_len] = '\0';
	out->info = (struct kv_info){.is_folder = found->is_folder};
	if (found->is_key) {
		struct kvlog_meta m = kvlog_meta_of(&r);

		out->info.bytes = m.bytes;
		out->info.version = m.version;
		out->info.modified_s = m.modified_s;
	}
	return OK;
}

/* place: 0 whether it has begun, 1 the hash of the last name */
enum err kvlog_list(struct kv *kv, const char *folder, size_t folder_len, struct kv_cursor *cursor,
		    struct kv_entry *out)
{
	struct kvlog *s = kvlog_of(kv);
	struct kvlog_listing *l = &s->listing;
	bool begins = cursor->place[0] == 0;
	uint64_t after = cursor->place[1];

	if (s->mounted != OK)
		return s->mounted;
	if (folder_len > 0 && !kv_key_is_valid(folder, folder_len))
		return ERR_NOTFOUND;
	uint64_t hash = kvlog_hash(s, KVLOG_BY_KEY, folder, folder_len);
	unsigned i = begins ? 0 : position(l, after + 1);
	/* What is kept serves if it is of this folder as it is now, and the cursor stands in it. */
	if (!begins && after == UINT64_MAX)
		return ERR_EOF;
	if (begins || l->folder != hash || l->generation != s->generation + 1 || after < l->after ||
	    (i == l->n && !l->complete)) {
		enum err e = look(s, folder, folder_len, begins, after);

		l->generation = 0;
		if (e != OK)
			return e;
		l->folder = hash;
		l->after = after;
		l->generation = s->generation + 1;
		i = 0;
	}
	if (i == l->n)
		return begins && folder_len > 0 ? ERR_NOTFOUND : ERR_EOF;
	cursor->place[0] = 1;
	cursor->place[1] = l->found[i].hash;
	return fill_entry(s, folder_len, &l->found[i], out);
}
