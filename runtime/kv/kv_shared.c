/* SPDX-License-Identifier: ISC */
#include "runtime/kv/kv_shared.h"

#include "base/attr.h"

static struct kv_shared *enter(struct kv *kv)
{
	struct kv_shared *s = container_of(kv, struct kv_shared, rw.kv);

	mutex_lock(&s->mutex);
	return s;
}

static enum err get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_get(s->store, key, key_len, out);

	mutex_unlock(&s->mutex);
	return e;
}

static enum err get_info(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_stat(s->store, key, key_len, out);

	mutex_unlock(&s->mutex);
	return e;
}

static ssize_t read_bytes(struct kv *kv, const char *key, size_t key_len, uint64_t offset,
			  void *out, size_t len)
{
	struct kv_shared *s = enter(kv);
	ssize_t n = kv_read(s->store, key, key_len, offset, out, len);

	mutex_unlock(&s->mutex);
	return n;
}

static enum err list(struct kv *kv, const char *folder, size_t folder_len, struct kv_cursor *cursor,
		     struct kv_entry *out)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_list(s->store, folder, folder_len, cursor, out);

	mutex_unlock(&s->mutex);
	return e;
}

void kv_shared_init(struct kv_shared *s, struct kv *store)
{
	*s = (struct kv_shared){
		.ops = {.get = get,
			.stat = get_info,
			.read = read_bytes,
			.list = list,
			.constant = store->ops->constant,
			.waits = true},
		.store = store,
	};
	s->rw.kv.ops = &s->ops;
	mutex_init(&s->mutex);
}
