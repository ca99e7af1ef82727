/* SPDX-License-Identifier: ISC */
/* What tests of one store share: it is made before each of them, and its values are texts. */
#ifndef TESTS_UNIT_LOG_STORE_ONE_H
#define TESTS_UNIT_LOG_STORE_ONE_H

#include <string.h>

#include "tests/unit/log_store/rig.h"

static struct rig r;

static inline int set_up(void **state)
{
	(void)state;
	rig_init(&r, 16, 1024, 4, 0);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	rig_fini(&r);
	return 0;
}

static inline enum err put(const char *key, const void *bytes, size_t len)
{
	return kv_set(&r.store.rw, key, strlen(key), bytes, len);
}

static inline void must_put(const char *key, const char *text)
{
	assert_int_equal(put(key, text, strlen(text)), OK);
}

static inline ssize_t get(const char *key, char *out, size_t len)
{
	ssize_t n = kv_read(&r.store.rw.kv, key, strlen(key), 0, out, len - 1);

	out[n > 0 ? n : 0] = '\0';
	return n;
}

static inline void assert_text(const char *key, const char *text)
{
	char got[300];

	assert_int_equal(get(key, got, sizeof(got)), strlen(text));
	assert_string_equal(got, text);
}

static inline void sync_now(void)
{
	assert_int_equal(kv_sync(&r.store.rw), OK);
}

#endif
