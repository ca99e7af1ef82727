/* SPDX-License-Identifier: ISC */
/*
 * A key-value store in memory that can be full, break, forget what was not synced, and count.
 *
 * It does not lend, and says that it waits, as one over a device: what asks it has to copy. The
 * tests of runtime/kv, of net/http and the conformance suite itself stand on it.
 */
#ifndef TESTS_FAKES_KV_MEMORY_H
#define TESTS_FAKES_KV_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/kv.h"

enum { KV_MEMORY_VALUES = 64, KV_MEMORY_WRITERS = 2 };

struct kv_memory_value {
	char key[KV_KEY_BYTES_MAX];
	size_t key_len; /* 0: this place is free */
	uint8_t *bytes;
	size_t len;
	uint64_t version, modified_s;
};

struct kv_memory {
	struct kv_rw rw;
	struct kv_memory_value now[KV_MEMORY_VALUES], synced[KV_MEMORY_VALUES];
	struct kv_memory_value written[KV_MEMORY_WRITERS];
	size_t room_bytes; /* for all values and their keys */
	uint64_t changes;
	/* Of calls that have still to go well; then each is `failure` until that is OK again. */
	uint64_t good_calls;
	enum err failure;
	unsigned calls; /* ever */
	bool inside;    /* a call runs: a second one is a caller's bug (asserted) */
	/* In place of waiting, inside each call; NULL: none does. */
	void (*wait)(void *arg);
	void *wait_arg;
};

void kv_memory_init(struct kv_memory *m, size_t room_bytes);
void kv_memory_fini(struct kv_memory *m);

/* After `good_calls` more calls the medium fails with `e`; OK: it is well again. */
void kv_memory_break(struct kv_memory *m, uint64_t good_calls, enum err e);

/* As after a loss of power: what was not synced is as it was before. */
void kv_memory_lose_power(struct kv_memory *m);

/* kv_set() of strings, asserted. */
void kv_memory_put(struct kv_memory *m, const char *key, const char *text);

#endif
