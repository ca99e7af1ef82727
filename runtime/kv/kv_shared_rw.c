/* SPDX-License-Identifier: ISC */
/* The calls that change something. */
#include "base/attr.h"
#include "runtime/kv/kv_shared.h"

static struct kv_shared *enter(struct kv_rw *kv)
{
	struct kv_shared *s = container_of(kv, struct kv_shared, rw);

	mutex_lock(&s->mutex);
	return s;
}

static struct kv_rw *store_of(const struct kv_shared *s)
{
	return container_of(s->store, struct kv_rw, kv);
}

static enum err set(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes,
		    size_t len)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_set(store_of(s), key, key_len, bytes, len);

	mutex_unlock(&s->mutex);
	return e;
}

static enum err remove_key(struct kv_rw *kv, const char *key, size_t key_len)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_remove(store_of(s), key, key_len);

	mutex_unlock(&s->mutex);
	return e;
}

static enum err rename_key(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
			   size_t to_len)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_rename(store_of(s), from, from_len, to, to_len);

	mutex_unlock(&s->mutex);
	return e;
}

static enum err batch(struct kv_rw *kv, const struct kv_change *changes, unsigned n)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_batch(store_of(s), changes, n);

	mutex_unlock(&s->mutex);
	return e;
}

static enum err sync_all(struct kv_rw *kv)
{
	struct kv_shared *s = enter(kv);
	enum err e = kv_sync(store_of(s));

	mutex_unlock(&s->mutex);
	return e;
}

/* The writer stays where it is, since the store may note that place, and is the store's during
 * its calls. */
static enum err open_writer(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len)
{
	struct kv_shared *s = enter(kv);

	w->kv = store_of(s);
	enum err e = kv_open(store_of(s), w, key, key_len);
	w->kv = kv;
	mutex_unlock(&s->mutex);
	return e;
}

static enum err append(struct kv_writer *w, const void *bytes, size_t len)
{
	struct kv_shared *s = enter(w->kv);

	w->kv = store_of(s);
	enum err e = kv_append(w, bytes, len);
	w->kv = &s->rw;
	mutex_unlock(&s->mutex);
	return e;
}

static enum err close_writer(struct kv_writer *w, bool keep)
{
	struct kv_shared *s = enter(w->kv);

	w->kv = store_of(s);
	enum err e = kv_close(w, keep);
	w->kv = &s->rw;
	mutex_unlock(&s->mutex);
	return e;
}

void kv_shared_rw_init(struct kv_shared *s, struct kv_rw *store)
{
	kv_shared_init(s, &store->kv);
	s->rw_ops = (struct kv_rw_ops){
		.set = set,
		.remove = remove_key,
		.rename = rename_key,
		.batch = batch,
		.sync = sync_all,
		.open = open_writer,
		.append = append,
		.close = close_writer,
		.batches_are_atomic = store->ops->batches_are_atomic,
	};
	s->rw.ops = &s->rw_ops;
}
