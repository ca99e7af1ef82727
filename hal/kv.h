/* SPDX-License-Identifier: ISC */
/*
 * A key-value store: names to bytes. `struct kv` can be read; `struct kv_rw`, which begins with
 * one, changed as well.
 *
 * Keys are paths such as "index.html" or "img/logo.svg", compared byte by byte, without a leading
 * slash and without empty, "." or ".." parts: kv_key_is_valid(). A store in memory (embedded files,
 * a tar archive in RAM) lends a value as a slice, by kv_get(), so that it reaches the wire without
 * a copy, and never waits. Any other answers ERR_UNSUPPORTED to that and copies, by kv_read(); its
 * calls are in direct style and wait for the medium, so they are for fibers: `waits` says so.
 * runtime/kv lets the event loop ask such a store.
 *
 * Calls may be made by several fibers at once: each store keeps them whole, and one call sees a
 * value of before or of after another, never of both. What was set or removed survives a loss of
 * power after kv_sync() returns OK; before it, each change is there as a whole or not at all.
 */
#ifndef HAL_KV_H
#define HAL_KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum { KV_KEY_BYTES_MAX = 255 };

struct kv_value {
	struct slice bytes;
	/*
	 * Changes whenever the bytes do, for an ETag; 0: not known. A hash of them, or of what a
	 * store knows to change with them, as the length and the time.
	 */
	uint64_t version;
	/* Of the bytes (RFC 9110 section 8.3.1), static; NULL: not known. */
	const char *media_type;
};

struct kv_info {
	uint64_t bytes;
	uint64_t version;       /* as of struct kv_value */
	uint64_t modified_s;    /* Unix time; 0: not known */
	const char *media_type; /* as of struct kv_value */
	bool is_folder;         /* of a listing: keys begin with this one and a slash */
};

/* Where a listing is. Zero it to begin; a store keeps in it what it needs. */
struct kv_cursor {
	uint64_t place[4];
};

struct kv_entry {
	char name[KV_KEY_BYTES_MAX + 1]; /* the part of the key below the folder */
	struct kv_info info;
};

/* A key as a store holds it: borrowed, not NUL-terminated. */
struct kv_name {
	const char *at;
	size_t len;
};

struct kv;

/*
 * Each slot but `nth` is filled, unless a store lends and has all its keys in a table: it may have
 * that in place of stat, read and list, which are then made of it and of get (kv_table.c), and only
 * in images that call them.
 */
struct kv_ops {
	enum err (*get)(struct kv *kv, const char *key, size_t key_len, struct kv_value *out);
	enum err (*stat)(struct kv *kv, const char *key, size_t key_len, struct kv_info *out);
	ssize_t (*read)(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
			size_t len);
	enum err (*list)(struct kv *kv, const char *folder, size_t folder_len,
			 struct kv_cursor *cursor, struct kv_entry *out);
	/*
	 * Key number `n`, which it keeps as long as it is there; of no length if that number is
	 * free. ERR_EOF after the last.
	 */
	enum err (*nth)(struct kv *kv, uint64_t n, struct kv_name *out);
	bool constant; /* no key ever comes, goes or gets another value; values have no owner */
	bool waits;    /* calls are for fibers */
};

struct kv {
	const struct kv_ops *ops;
};

/*
 * Looks up a key of `key_len` bytes. The value is borrowed: keep it with a reference on its owner.
 * ERR_NOTFOUND; ERR_UNSUPPORTED: this store does not lend. Never blocks.
 */
MUST_USE static inline enum err kv_get(struct kv *kv, const char *key, size_t key_len,
				       struct kv_value *out)
{
	return kv->ops->get(kv, key, key_len, out);
}

/* What stat, read and list do for a store that has none: see kv_stat(), kv_read(), kv_list(). */
MUST_USE enum err kv_table_stat(struct kv *kv, const char *key, size_t key_len,
				struct kv_info *out);
MUST_USE ssize_t kv_table_read(struct kv *kv, const char *key, size_t key_len, uint64_t offset,
			       void *out, size_t len);
MUST_USE enum err kv_table_list(struct kv *kv, const char *folder, size_t folder_len,
				struct kv_cursor *cursor, struct kv_entry *out);

/*
 * What is known of a key's value. ERR_NOTFOUND, also of a folder and of what is no key; the errors
 * of the medium.
 */
MUST_USE static inline enum err kv_stat(struct kv *kv, const char *key, size_t key_len,
					struct kv_info *out)
{
	return kv->ops->stat != NULL ? kv->ops->stat(kv, key, key_len, out)
				     : kv_table_stat(kv, key, key_len, out);
}

/* OK if a key has a value, else as kv_stat(). */
MUST_USE static inline enum err kv_exists(struct kv *kv, const char *key, size_t key_len)
{
	struct kv_info info;
	return kv_stat(kv, key, key_len, &info);
}

/*
 * Copies up to `len` bytes of a key's value, from `offset`, and returns how many: fewer only where
 * the value ends, 0 behind its end. ERR_NOTFOUND, as kv_stat(); ERR_IO, ERR_NODEV, ERR_TIMEOUT of
 * the medium; ERR_DAMAGED.
 */
MUST_USE static inline ssize_t kv_read(struct kv *kv, const char *key, size_t key_len,
				       uint64_t offset, void *out, size_t len)
{
	return kv->ops->read != NULL ? kv->ops->read(kv, key, key_len, offset, out, len)
				     : kv_table_read(kv, key, key_len, offset, out, len);
}

/*
 * The next entry of a folder ("" is the whole store), in no order; ERR_EOF after the last. Keys
 * that come or go in between may be seen or not, all others are, once. ERR_NOTFOUND: there is no
 * such folder; a store may keep one whose last key is gone.
 */
MUST_USE static inline enum err kv_list(struct kv *kv, const char *folder, size_t folder_len,
					struct kv_cursor *cursor, struct kv_entry *out)
{
	return kv->ops->list != NULL ? kv->ops->list(kv, folder, folder_len, cursor, out)
				     : kv_table_list(kv, folder, folder_len, cursor, out);
}

/* --- that can be changed ---------------------------------------------------------------------- */

/* One change of a batch. */
struct kv_change {
	const char *key;
	size_t key_len;
	const void *bytes; /* NULL: the key is removed; one that is not there is no error */
	size_t len;
};

struct kv_rw;

/* A value that is written piece by piece; the store's until it is closed. Zero it before. */
struct kv_writer {
	struct kv_rw *kv;
	uint64_t place[4]; /* the store's */
};

struct kv_rw_ops {
	enum err (*set)(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes,
			size_t len);
	enum err (*remove)(struct kv_rw *kv, const char *key, size_t key_len);
	enum err (*rename)(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
			   size_t to_len);
	enum err (*batch)(struct kv_rw *kv, const struct kv_change *changes, unsigned n);
	enum err (*sync)(struct kv_rw *kv);
	enum err (*open)(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len);
	enum err (*append)(struct kv_writer *w, const void *bytes, size_t len);
	enum err (*close)(struct kv_writer *w, bool keep);
	bool batches_are_atomic; /* else a loss of power may leave the first changes of one */
};

struct kv_rw {
	struct kv kv;
	const struct kv_rw_ops *ops;
};

/*
 * Gives a key a value, a new one or another. ERR_NOSPACE, with the old value as it was;
 * ERR_INVALID: not a key, or one that this store cannot have; ERR_READONLY; the errors of the
 * medium.
 */
MUST_USE static inline enum err kv_set(struct kv_rw *kv, const char *key, size_t key_len,
				       const void *bytes, size_t len)
{
	return kv->ops->set(kv, key, key_len, bytes, len);
}

/* ERR_NOTFOUND; as kv_set(). */
MUST_USE static inline enum err kv_remove(struct kv_rw *kv, const char *key, size_t key_len)
{
	return kv->ops->remove(kv, key, key_len);
}

/* Gives the value of `from` to `to`, which loses its own if it has one. As kv_set(), kv_remove().
 */
MUST_USE static inline enum err kv_rename(struct kv_rw *kv, const char *from, size_t from_len,
					  const char *to, size_t to_len)
{
	return kv->ops->rename(kv, from, from_len, to, to_len);
}

/*
 * Makes several changes, which other callers see all or none of. After a loss of power as well if
 * batches_are_atomic; a store for which that is not so stops at the first error.
 */
MUST_USE static inline enum err kv_batch(struct kv_rw *kv, const struct kv_change *changes,
					 unsigned n)
{
	return kv->ops->batch(kv, changes, n);
}

/* Waits until every change before is safe from a loss of power. */
MUST_USE static inline enum err kv_sync(struct kv_rw *kv)
{
	return kv->ops->sync(kv);
}

/*
 * Begins a value whose length is not known or too large to be in memory at once; nobody sees it
 * before kv_close(). A store has room for a few at a time: ERR_NOMEM. ERR_UNSUPPORTED: this store's
 * values are small. As kv_set().
 */
MUST_USE static inline enum err kv_open(struct kv_rw *kv, struct kv_writer *w, const char *key,
					size_t key_len)
{
	return kv->ops->open(kv, w, key, key_len);
}

/* Adds bytes at its end. After an error only kv_close() without `keep` may follow. */
MUST_USE static inline enum err kv_append(struct kv_writer *w, const void *bytes, size_t len)
{
	return w->kv->ops->append(w, bytes, len);
}

/* Ends it: it is the key's value from now on, or (`keep` is false, or not OK) never was. */
static inline enum err kv_close(struct kv_writer *w, bool keep)
{
	return w->kv->ops->close(w, keep);
}

/* Whether a key has the form that is said above. */
MUST_USE bool kv_key_is_valid(const char *key, size_t key_len);

#endif
