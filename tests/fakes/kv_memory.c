/* SPDX-License-Identifier: ISC */
#include "tests/fakes/kv_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"

static struct kv_memory *of(struct kv *kv)
{
	return container_of(kv, struct kv_memory, rw.kv);
}

/* Begins a call: what the medium says to it. */
static enum err enter(struct kv_memory *m)
{
	assert(!m->inside);
	m->calls++;
	if (m->wait != NULL) {
		m->inside = true;
		m->wait(m->wait_arg);
		m->inside = false;
	}
	if (m->failure == OK)
		return OK;
	if (m->good_calls > 0) {
		m->good_calls--;
		return OK;
	}
	return m->failure;
}

static struct kv_memory_value *find(struct kv_memory_value *values, const char *key, size_t key_len)
{
	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++) {
		struct kv_memory_value *v = &values[i];
		if (key_len > 0 && v->key_len == key_len && memcmp(v->key, key, key_len) == 0)
			return v;
	}
	return NULL;
}

static struct kv_memory_value *find_free(struct kv_memory_value *values)
{
	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++) {
		if (values[i].key_len == 0)
			return &values[i];
	}
	return NULL;
}

static void drop(struct kv_memory_value *v)
{
	free(v->bytes);
	*v = (struct kv_memory_value){0};
}

static void *copy_bytes(const void *bytes, size_t len)
{
	void *copy = malloc(len > 0 ? len : 1);

	assert(copy != NULL);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

static void copy_all(struct kv_memory_value *to, const struct kv_memory_value *from)
{
	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++) {
		drop(&to[i]);
		to[i] = from[i];
		if (from[i].key_len > 0)
			to[i].bytes = copy_bytes(from[i].bytes, from[i].len);
	}
}

static size_t used_bytes(const struct kv_memory *m)
{
	size_t sum = 0;

	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++)
		sum += m->now[i].len + m->now[i].key_len;
	for (unsigned i = 0; i < KV_MEMORY_WRITERS; i++)
		sum += m->written[i].len + m->written[i].key_len;
	return sum;
}

/* --- to read --------------------------------------------------------------------------------- */

static enum err get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	(void)kv;
	(void)key;
	(void)key_len;
	(void)out;
	return ERR_UNSUPPORTED;
}

static enum err get_info(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	enum err e = enter(of(kv));
	const struct kv_memory_value *v = find(of(kv)->now, key, key_len);

	if (e != OK || v == NULL)
		return e != OK ? e : ERR_NOTFOUND;
	*out = (struct kv_info){
		.bytes = v->len, .version = v->version, .modified_s = v->modified_s};
	return OK;
}

static ssize_t read_bytes(struct kv *kv, const char *key, size_t key_len, uint64_t offset,
			  void *out, size_t len)
{
	enum err e = enter(of(kv));
	const struct kv_memory_value *v = find(of(kv)->now, key, key_len);

	if (e != OK || v == NULL)
		return e != OK ? e : ERR_NOTFOUND;
	if (offset >= v->len)
		return 0;
	len = MIN(len, v->len - (size_t)offset);
	memcpy(out, v->bytes + offset, len);
	return (ssize_t)len;
}

/* What the store's listing stands on: its places, in which keys stay while they are there. */
static enum err nth(struct kv *kv, uint64_t n, struct kv_name *out)
{
	if (n >= KV_MEMORY_VALUES)
		return ERR_EOF;
	const struct kv_memory_value *v = &of(kv)->now[n];
	*out = (struct kv_name){v->key, v->key_len};
	return OK;
}

static enum err list(struct kv *kv, const char *folder, size_t folder_len, struct kv_cursor *cursor,
		     struct kv_entry *out)
{
	enum err e = enter(of(kv));

	return e == OK ? kv_table_list(kv, folder, folder_len, cursor, out) : e;
}

/* --- to change ------------------------------------------------------------------------------- */

static enum err give(struct kv_memory *m, const char *key, size_t key_len, const void *bytes,
		     size_t len)
{
	struct kv_memory_value *v = find(m->now, key, key_len);
	size_t used = used_bytes(m) - (v != NULL ? v->len + v->key_len : 0);

	if (v == NULL)
		v = find_free(m->now);
	if (v == NULL || used + key_len > m->room_bytes || len > m->room_bytes - used - key_len)
		return ERR_NOSPACE;
	uint8_t *copy = copy_bytes(bytes, len);
	drop(v);
	memcpy(v->key, key, key_len);
	v->key_len = key_len;
	v->bytes = copy;
	v->len = len;
	v->version = ++m->changes;
	v->modified_s = m->changes;
	return OK;
}

static enum err set(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes,
		    size_t len)
{
	struct kv_memory *m = of(&kv->kv);

	if (!kv_key_is_valid(key, key_len))
		return ERR_INVALID;
	enum err e = enter(m);
	return e == OK ? give(m, key, key_len, bytes, len) : e;
}

static enum err remove_key(struct kv_rw *kv, const char *key, size_t key_len)
{
	struct kv_memory *m = of(&kv->kv);
	struct kv_memory_value *v = find(m->now, key, key_len);
	enum err e = enter(m);

	if (e != OK || v == NULL)
		return e != OK ? e : ERR_NOTFOUND;
	drop(v);
	return OK;
}

static enum err rename_key(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
			   size_t to_len)
{
	struct kv_memory *m = of(&kv->kv);
	struct kv_memory_value *v = find(m->now, from, from_len);

	if (!kv_key_is_valid(to, to_len))
		return ERR_INVALID;
	enum err e = enter(m);
	if (e != OK || v == NULL)
		return e != OK ? e : ERR_NOTFOUND;
	struct kv_memory_value *old = find(m->now, to, to_len);
	if (old != NULL && old != v)
		drop(old);
	memcpy(v->key, to, to_len);
	v->key_len = to_len;
	return OK;
}

/* All on a copy, which takes the place of what is there if nothing went wrong. */
static enum err batch(struct kv_rw *kv, const struct kv_change *changes, unsigned n)
{
	struct kv_memory *m = of(&kv->kv);
	static struct kv_memory_value before[KV_MEMORY_VALUES];
	enum err e = enter(m);

	if (e != OK)
		return e;
	copy_all(before, m->now);
	for (unsigned i = 0; i < n && e == OK; i++) {
		const struct kv_change *c = &changes[i];
		struct kv_memory_value *v = find(m->now, c->key, c->key_len);
		if (!kv_key_is_valid(c->key, c->key_len))
			e = ERR_INVALID;
		else if (c->bytes != NULL)
			e = give(m, c->key, c->key_len, c->bytes, c->len);
		else if (v != NULL)
			drop(v);
	}
	if (e != OK)
		copy_all(m->now, before);
	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++)
		drop(&before[i]);
	return e;
}

static enum err sync_all(struct kv_rw *kv)
{
	struct kv_memory *m = of(&kv->kv);
	enum err e = enter(m);

	if (e == OK)
		copy_all(m->synced, m->now);
	return e;
}

/* --- piece by piece -------------------------------------------------------------------------- */

static enum err open_writer(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len)
{
	struct kv_memory *m = of(&kv->kv);

	if (!kv_key_is_valid(key, key_len))
		return ERR_INVALID;
	enum err e = enter(m);
	if (e != OK)
		return e;
	for (unsigned i = 0; i < KV_MEMORY_WRITERS; i++) {
		struct kv_memory_value *v = &m->written[i];
		if (v->key_len > 0)
			continue;
		memcpy(v->key, key, key_len);
		v->key_len = key_len;
		*w = (struct kv_writer){.kv = kv, .place = {i}};
		return OK;
	}
	return ERR_NOMEM;
}

static enum err append(struct kv_writer *w, const void *bytes, size_t len)
{
	struct kv_memory *m = of(&w->kv->kv);
	struct kv_memory_value *v = &m->written[w->place[0]];
	enum err e = enter(m);

	if (e != OK)
		return e;
	if (len > m->room_bytes - MIN(used_bytes(m), m->room_bytes))
		return ERR_NOSPACE;
	uint8_t *longer = realloc(v->bytes, v->len + len + 1);
	assert(longer != NULL);
	if (len > 0)
		memcpy(longer + v->len, bytes, len);
	v->bytes = longer;
	v->len += len;
	return OK;
}

static enum err close_writer(struct kv_writer *w, bool keep)
{
	struct kv_memory *m = of(&w->kv->kv);
	struct kv_memory_value v = m->written[w->place[0]];
	enum err e = OK;

	assert(v.key_len > 0);
	m->written[w->place[0]] = (struct kv_memory_value){0};
	if (keep)
		e = enter(m);
	if (keep && e == OK)
		e = give(m, v.key, v.key_len, v.bytes, v.len);
	free(v.bytes);
	return e;
}

/* --- of tests -------------------------------------------------------------------------------- */

static const struct kv_ops read_ops = {
	.get = get,
	.stat = get_info,
	.read = read_bytes,
	.list = list,
	.nth = nth,
	.waits = true,
};

static const struct kv_rw_ops write_ops = {
	.set = set,
	.remove = remove_key,
	.rename = rename_key,
	.batch = batch,
	.sync = sync_all,
	.open = open_writer,
	.append = append,
	.close = close_writer,
	.batches_are_atomic = true,
};

void kv_memory_init(struct kv_memory *m, size_t room_bytes)
{
	*m = (struct kv_memory){
		.rw = {.kv = {.ops = &read_ops}, .ops = &write_ops},
		.room_bytes = room_bytes,
	};
}

void kv_memory_fini(struct kv_memory *m)
{
	for (unsigned i = 0; i < KV_MEMORY_VALUES; i++) {
		drop(&m->now[i]);
		drop(&m->synced[i]);
	}
	for (unsigned i = 0; i < KV_MEMORY_WRITERS; i++)
		drop(&m->written[i]);
}

void kv_memory_break(struct kv_memory *m, uint64_t good_calls, enum err e)
{
	m->good_calls = good_calls;
	m->failure = e;
}

void kv_memory_lose_power(struct kv_memory *m)
{
	copy_all(m->now, m->synced);
	for (unsigned i = 0; i < KV_MEMORY_WRITERS; i++)
		drop(&m->written[i]);
}

void kv_memory_put(struct kv_memory *m, const char *key, const char *text)
{
	enum err e = kv_set(&m->rw, key, strlen(key), text, strlen(text));

	assert(e == OK);
}
