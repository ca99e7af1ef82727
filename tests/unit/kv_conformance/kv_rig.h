/* SPDX-License-Identifier: ISC */
/* What the parts of the suite have in common: the store under test, and short words for its calls.
 */
#ifndef TESTS_UNIT_KV_CONFORMANCE_KV_RIG_H
#define TESTS_UNIT_KV_CONFORMANCE_KV_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/kv_conformance/kv_conformance.h"

extern const struct kv_subject *rig_subject;
extern struct kv_rw *rig; /* made anew for each test */

enum { VALUE = 500 };

/* The tests of values in pieces, of full stores and of media that fail; for cmocka. */
extern const struct CMUnitTest kv_room_tests[];
extern const unsigned kv_room_tests_count;

int kv_rig_set_up(void **state);
int kv_rig_tear_down(void **state);

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, kv_rig_set_up, kv_rig_tear_down)

static inline void remount(void)
{
	rig = rig_subject->remount(rig_subject->arg);
	assert_non_null(rig);
}

static inline enum err put(const char *key, const char *text)
{
	return kv_put(rig, key, text, strlen(text));
}

static inline void must_put(const char *key, const char *text)
{
	assert_int_equal(put(key, text), OK);
}

static inline void assert_text(const char *key, const char *text)
{
	kv_assert_value(&rig->kv, key, text, strlen(text));
}

static inline void must_sync(void)
{
	assert_int_equal(kv_sync(rig), OK);
}

static inline enum err take_away(const char *key)
{
	return kv_remove(rig, key, strlen(key));
}

static inline enum err move(const char *from, const char *to)
{
	return kv_rename(rig, from, strlen(from), to, strlen(to));
}

/* Bytes that are those of no other seed, nor of another place. */
static inline void make_bytes(uint8_t *out, size_t len, unsigned seed)
{
	uint32_t x = seed * 2654435761u + 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		out[i] = (uint8_t)(x >> 24);
	}
}

static inline void put_seeded(const char *key, size_t len, unsigned seed)
{
	uint8_t *bytes = malloc(len + 1);

	assert_non_null(bytes);
	make_bytes(bytes, len, seed);
	assert_int_equal(kv_put(rig, key, bytes, len), OK);
	free(bytes);
}

static inline void assert_seeded(const char *key, size_t len, unsigned seed)
{
	uint8_t *bytes = malloc(len + 1);

	assert_non_null(bytes);
	make_bytes(bytes, len, seed);
	kv_assert_value(&rig->kv, key, bytes, len);
	free(bytes);
}

#define ASSERT_LISTS(FOLDER, ...)                                                                  \
	kv_assert_lists(&rig->kv, (FOLDER), (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

#endif
