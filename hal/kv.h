/* SPDX-License-Identifier: ISC */
/*
 * A read-only key-value store: names to immutable bytes.
 *
 * The first provider is the set of files that the build embeds in the image; others
 * come with storage. A value is a slice, so it reaches the wire without a copy.
 */
#ifndef HAL_KV_H
#define HAL_KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

struct kv_value {
	struct slice bytes;
	uint64_t version; /* changes whenever the bytes do: a hash of them, for an ETag */
	/* Of the bytes (RFC 9110 section 8.3.1), static; NULL: not known. */
	const char *media_type;
};

struct kv;

struct kv_ops {
	enum err (*get)(struct kv *kv, const char *key, size_t key_len, struct kv_value *out);
	bool constant; /* no key ever comes, goes or gets another value; values have no owner */
};

struct kv {
	const struct kv_ops *ops;
};

/*
 * Looks up a key of `key_len` bytes, compared byte by byte; a path such as "index.html" or
 * "img/logo.svg", without a leading slash. The value is borrowed: keep it with a reference
 * on its owner. ERR_NOTFOUND. Never blocks.
 */
MUST_USE static inline enum err kv_get(struct kv *kv, const char *key, size_t key_len,
				       struct kv_value *out)
{
	return kv->ops->get(kv, key, key_len, out);
}

#endif
