/* SPDX-License-Identifier: ISC */
/*
 * What a mistyped word was meant to be.
 */
#include <stdint.h>
#include <string.h>

#include "tools/fata/fata.h"

enum { WORD_CHARS_MAX = 40 };

/*
 * The number of letters to insert, delete, replace or swap with their neighbour to make `b` of `a`
 * (optimal string alignment).
 */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[WORD_CHARS_MAX + 1][WORD_CHARS_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > WORD_CHARS_MAX || b_len > WORD_CHARS_MAX)
		return UINT32_MAX;
	for (size_t i = 0; i <= a_len; i++) {
		for (size_t j = 0; j <= b_len; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			unsigned replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			unsigned moved = MIN(d[i - 1][j], d[i][j - 1]) + 1;
			d[i][j] = MIN(replaced, moved);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[a_len][b_len];
}

const char *nearest(const char *word, const char *const names[])
{
	const char *found = NULL;
	unsigned least = strlen(word) > 3 ? 3 : 2;

	for (; *names != NULL; names++) {
		unsigned d = distance(word, *names);
		if (d < least) {
			least = d;
			found = *names;
		}
	}
	return found;
}
