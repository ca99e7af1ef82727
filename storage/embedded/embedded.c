/* SPDX-License-Identifier: ISC */
#include "storage/embedded/embedded.h"

#include <string.h>

#include "base/attr.h"

static const uint8_t *bytes_at(const struct embedded_table *table, uint32_t offset)
{
	return (const uint8_t *)table + offset;
}

/*
 * Negative, zero or positive, as the key sorts before, is, or sorts behind the file's name. Mostly
 * the length says so.
 */
static int compare(const char *key, size_t key_len, const struct embedded_table *table,
		   const struct embedded_file *file)
{
	if (key_len != file->name_bytes)
		return key_len < file->name_bytes ? -1 : 1;
	return memcmp(key, bytes_at(table, file->name_at), key_len);
}

static enum err embedded_get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	const struct embedded_table *table = container_of(kv, struct embedded_files, kv)->table;
	uint32_t first = 0, end = table->count;
	while (first < end) {
		uint32_t middle = first + (end - first) / 2;
		const struct embedded_file *file = &table->file[middle];
		int order = compare(key, key_len, table, file);
		if (order == 0) {
			out->bytes = SLICE_STATIC(bytes_at(table, file->data_at), file->data_bytes);
			out->version = file->version;
			out->media_type = (const char *)bytes_at(table, file->type_at);
			return OK;
		}
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return ERR_NOTFOUND;
}

static enum err embedded_nth(struct kv *kv, uint64_t n, struct kv_name *out)
{
	const struct embedded_table *table = container_of(kv, struct embedded_files, kv)->table;
	if (n >= table->count)
		return ERR_EOF;
	const struct embedded_file *file = &table->file[n];
	*out = (struct kv_name){(const char *)bytes_at(table, file->name_at), file->name_bytes};
	return OK;
}

const struct kv_ops embedded_kv_ops = {
	.get = embedded_get,
	.nth = embedded_nth,
	.constant = true,
};
