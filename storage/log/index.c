/* SPDX-License-Identifier: ISC */
/* Entries are sorted by hash; those of one hash stand in any order. */
#include <string.h>

#include "base/siphash.h"
#include "storage/log/internal.h"

uint64_t kvlog_hash(const struct kvlog *s, enum kvlog_class class, const void *key, size_t len)
{
	const struct siphash_key secret = {s->id, (uint64_t) class};
	uint64_t words[(KV_KEY_BYTES_MAX + 8) / 8 + 1] = {0};

	assert(len <= KV_KEY_BYTES_MAX);
	memcpy(words, key, len);
	words[len / 8 + 1] = len;
	return siphash_2_4(&secret, words, (unsigned)(len / 8 + 2));
}

static uint32_t short_hash(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

uint32_t kvlog_index_bound(const struct kvlog *s, uint32_t hash)
{
	uint32_t low = 0, high = s->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (s->config.index[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum kvlog_class kvlog_class_of(const struct kvlog_record *r)
{
	switch (r->type) {
	case KVLOG_PIECE:
		return KVLOG_BY_PIECE;
	case KVLOG_RETIRED:
		return KVLOG_BY_BLOCK;
	default:
		return KVLOG_BY_KEY;
	}
}

static bool is_of(const struct kvlog_record *r, enum kvlog_class class, const void *key, size_t len)
{
	if (class == KVLOG_BY_ID)
		return r->type == KVLOG_LARGE && memcmp(&r->meta[24], key, len) == 0;
	return kvlog_class_of(r) == class && r->key_len == len && memcmp(r->key, key, len) == 0;
}

enum err kvlog_find(struct kvlog *s, enum kvlog_class class, const void *key, size_t len,
		    struct kvlog_record *r)
{
	uint32_t hash = short_hash(kvlog_hash(s, class, key, len));

	for (uint32_t i = kvlog_index_bound(s, hash); i < s->n; i++) {
		const struct kvlog_entry *entry = &s->config.index[i];

		if (entry->hash != hash)
			break;
		enum err e = kvlog_record_read(s, kvlog_pos_of(s, entry->place), 1, r);
		if (e == OK && is_of(r, class, key, len))
			return OK;
		if (e == ERR_DAMAGED)
			s->stats.damaged++;
		else if (e != OK)
			return e;
	}
	return ERR_NOTFOUND;
}

struct kvlog_entry *kvlog_index_at(struct kvlog *s, uint64_t hash, uint32_t place)
{
	for (uint32_t i = kvlog_index_bound(s, short_hash(hash)); i < s->n; i++) {
		struct kvlog_entry *entry = &s->config.index[i];

		if (entry->hash != short_hash(hash))
			break;
		if (entry->place == place)
			return entry;
	}
	return NULL;
}

enum err kvlog_index_add(struct kvlog *s, uint64_t hash, uint32_t place)
{
	uint32_t i = kvlog_index_bound(s, short_hash(hash));
	struct kvlog_entry *entry = &s->config.index[i];

	if (s->n == s->config.index_len)
		return ERR_NOSPACE;
	memmove(entry + 1, entry, (s->n - i) * sizeof(*entry));
	*entry = (struct kvlog_entry){short_hash(hash), place};
	s->n++;
	return OK;
}

void kvlog_index_remove(struct kvlog *s, uint64_t hash, uint32_t place)
{
	struct kvlog_entry *entry = kvlog_index_at(s, hash, place);

	if (entry == NULL)
		return;
	s->n--;
	memmove(entry, entry + 1, (size_t)(&s->config.index[s->n] - entry) * sizeof(*entry));
}
