/* SPDX-License-Identifier: ISC */
/*
 * A store for several fibers: a mutex around each call of one that can be entered only once.
 *
 * A store over a disk lets other fibers run while it waits, and must not be entered then
 * (storage/). What stands here is a store itself, of the same kind: whoever has it may call at any
 * time and waits for its turn, in order of arrival. A value that is written in pieces does not keep
 * others out between them. The caller owns the structure and the store, which must outlive it. For
 * fibers only.
 */
#ifndef RUNTIME_KV_SHARED_H
#define RUNTIME_KV_SHARED_H

#include "hal/kv.h"
#include "runtime/fiber/sync.h"

struct kv_shared {
	struct kv_rw rw; /* only rw.kv of one to read */
	struct kv_ops ops;
	struct kv_rw_ops rw_ops;
	struct kv *store;
	struct mutex mutex;
};

/* One to read: &s->rw.kv. A store that does not wait needs none of this. */
void kv_shared_init(struct kv_shared *s, struct kv *store);

/* One to read and write: &s->rw. */
void kv_shared_rw_init(struct kv_shared *s, struct kv_rw *store);

#endif
