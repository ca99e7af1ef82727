/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hal/kv.h"

/* Whether a part of a path, between slashes, names something and nothing else than itself. */
static bool part_is_valid(const char *part, size_t len)
{
	return len > 0 && !(part[0] == '.' && (len == 1 || (len == 2 && part[1] == '.')));
}

bool kv_key_is_valid(const char *key, size_t key_len)
{
	size_t start = 0;

	if (key_len > KV_KEY_BYTES_MAX || memchr(key, '\0', key_len) != NULL)
		return false;
	for (size_t i = 0; i <= key_len; i++) {
		if (i < key_len && key[i] != '/')
			continue;
		if (!part_is_valid(key + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}
