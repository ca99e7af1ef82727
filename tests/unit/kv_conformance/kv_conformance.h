/* SPDX-License-Identifier: ISC */
/*
 * What every key-value store does, as its users rely on: one suite for all.
 *
 * A store's own test calls kv_conformance_read() with a store that holds kv_files(), and, if it can
 * be changed, kv_conformance_write() with the ways to make one. Both return how many tests failed,
 * as cmocka does. $(KV_CONFORMANCE) in its test.mk is
 * the sources, which need the modules base and hal; tests run in the root of the tree.
 */
#ifndef TESTS_UNIT_KV_CONFORMANCE_H
#define TESTS_UNIT_KV_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/kv.h"

/* The files below tests/unit/kv_conformance/files: a store that can only be read is made of them.
 */
#define KV_FILES_FOLDER "tests/unit/kv_conformance/files"

struct kv_file {
	const char *key;
	uint8_t *bytes;
	size_t len;
};

/* All of them, sorted by their keys; read once. */
const struct kv_file *kv_files(unsigned *n);

/* Set before the suite runs over a store that finds a key in letters of the other case, too. */
extern bool kv_conformance_ignores_case;

/* `name` is for the person; `kv` holds the files and nothing else. */
int kv_conformance_read(const char *name, struct kv *kv);

/* A store to be changed. Functions assert what goes wrong; `arg` is handed to each. */
struct kv_subject {
	void *arg;
	/* An empty one, as new. */
	struct kv_rw *(*make)(void *arg);
	/* The one that was made, as the next start finds it: after a regular end, or a loss of
	 * power after the last kv_sync(). */
	struct kv_rw *(*remount)(void *arg);
	/* Gives back all that make() and remount() took; NULL: nothing. */
	void (*destroy)(void *arg);
	/* From now on each transfer of the medium fails with ERR_IO, or is well again. NULL: the
	 * store has none. */
	void (*break_medium)(void *arg, bool broken);
	size_t value_bytes_max; /* of kv_set(), at least 1000 */
	size_t key_bytes_max;   /* 0: KV_KEY_BYTES_MAX */
	size_t space_bytes;     /* after so much at most, in values of 500 bytes, it is full */
	/* Bytes that one kv_writer may bring; 0: kv_open() says ERR_UNSUPPORTED. */
	size_t writer_bytes_max;
};

int kv_conformance_write(const char *name, const struct kv_subject *subject);

/* --- for those who write further tests ------------------------------------------------------ */

/* Asserts that the key has just this value: by get, stat and read, in pieces of many sizes. */
void kv_assert_value(struct kv *kv, const char *key, const void *bytes, size_t len);

/* Asserts that it has none. */
void kv_assert_absent(struct kv *kv, const char *key);

/*
 * Asserts that a folder lists just these names, each once, sorted; folders with a slash at their
 * ends. Ends with NULL.
 */
void kv_assert_lists(struct kv *kv, const char *folder, const char *const names[]);

/* Asserts, inside a test, all that kv_conformance_read() does. */
void kv_assert_files(struct kv *kv);

enum err kv_put(struct kv_rw *kv, const char *key, const void *bytes, size_t len);

#endif
