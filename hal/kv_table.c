/* SPDX-License-Identifier: ISC */
/* What a store with its keys in a table does not do by itself. */
#include <string.h>

#include "base/assert.h"
#include "hal/kv.h"

enum err kv_table_stat(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	struct kv_value value;
	enum err e = kv_get(kv, key, key_len, &value);

	if (e != OK)
		return e;
	*out = (struct kv_info){
		.bytes = value.bytes.len,
		.version = value.version,
		.media_type = value.media_type,
	};
	return OK;
}

ssize_t kv_table_read(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
		      size_t len)
{
	struct kv_value value;
	enum err e = kv_get(kv, key, key_len, &value);

	if (e != OK)
		return e;
	if (offset >= value.bytes.len)
		return 0;
	len = (size_t)MIN((uint64_t)len, value.bytes.len - offset);
	memcpy(out, value.bytes.data + offset, len);
	return (ssize_t)len;
}

/* --- listing --------------------------------------------------------------------------------- */

/* Takes the folder and its slash off a key; false if it is not below it. "" is the whole store. */
static bool cut_folder(struct kv_name *key, const char *folder, size_t folder_len)
{
	if (folder_len == 0)
		return true;
	if (key->len <= folder_len || key->at[folder_len] != '/' ||
	    memcmp(key->at, folder, folder_len) != 0)
		return false;
	key->at += folder_len + 1;
	key->len -= folder_len + 1;
	return true;
}

/* The first part of a path; *is_folder: more follows. */
static size_t first_part(struct kv_name path, bool *is_folder)
{
	const char *slash = memchr(path.at, '/', path.len);

	*is_folder = slash != NULL;
	return slash != NULL ? (size_t)(slash - path.at) : path.len;
}

/* Whether a key in front of number `n` is below the same folder, `part` with its slash. */
static bool was_seen(struct kv *kv, uint64_t n, const char *folder, size_t folder_len,
		     struct kv_name part)
{
	struct kv_name key;

	for (uint64_t i = 0; i < n && kv->ops->nth(kv, i, &key) == OK; i++) {
		if (cut_folder(&key, folder, folder_len) && key.len > part.len &&
		    memcmp(key.at, part.at, part.len) == 0)
			return true;
	}
	return false;
}

static enum err show(struct kv *kv, struct kv_name key, struct kv_name part, bool is_folder,
		     struct kv_entry *out)
{
	assert(part.len < sizeof(out->name));
	memcpy(out->name, part.at, part.len);
	out->name[part.len] = '\0';
	out->info = (struct kv_info){.is_folder = is_folder};
	return is_folder ? OK : kv_stat(kv, key.at, key.len, &out->info);
}

/* A folder is shown with the first key below it. place[0]: the next key; place[1]: any was there.
 */
enum err kv_table_list(struct kv *kv, const char *folder, size_t folder_len,
		       struct kv_cursor *cursor, struct kv_entry *out)
{
	struct kv_name key, part;
	bool is_folder;
	enum err e;

	while ((e = kv->ops->nth(kv, cursor->place[0]++, &key)) == OK) {
		part = key;
		if (key.len == 0 || !cut_folder(&part, folder, folder_len))
			continue;
		cursor->place[1] = 1;
		part.len = first_part(part, &is_folder);
		/* With its slash, so that "ab" is not taken for a part of "abc/". */
		if (is_folder && was_seen(kv, cursor->place[0] - 1, folder, folder_len,
					  (struct kv_name){part.at, part.len + 1}))
			continue;
		return show(kv, key, part, is_folder, out);
	}
	cursor->place[0]--; /* asked again, it says the same */
	return e == ERR_EOF && folder_len > 0 && cursor->place[1] == 0 ? ERR_NOTFOUND : e;
}
