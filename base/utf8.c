/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

enum { INVALID = 4 };

/* First bytes up to `last` say how many follow, and narrow the range of the second. */
static const struct kind {
	uint8_t last;
	struct utf8 begun;
} kinds[] = {
	{0xc1, {.left = INVALID}}, {0xdf, {1, 0x80, 0xbf}},
	{0xe0, {2, 0xa0, 0xbf}},                            /* below: overlong */
	{0xec, {2, 0x80, 0xbf}},   {0xed, {2, 0x80, 0x9f}}, /* above: surrogates */
	{0xef, {2, 0x80, 0xbf}},   {0xf0, {3, 0x90, 0xbf}}, /* below: overlong */
	{0xf3, {3, 0x80, 0xbf}},   {0xf4, {3, 0x80, 0x8f}}, /* above: no character */
	{0xff, {.left = INVALID}},
};

static bool begin_char(struct utf8 *u, uint8_t c)
{
	const struct kind *kind = kinds;
	if (c < 0x80)
		return true;
	while (c > kind->last)
		kind++;
	*u = kind->begun;
	return u->left != INVALID;
}

bool utf8_feed(struct utf8 *u, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (u->left == 0) {
			if (!begin_char(u, bytes[i]))
				return false;
			continue;
		}
		if (bytes[i] < u->low || bytes[i] > u->high)
			return false;
		u->low = 0x80;
		u->high = 0xbf;
		u->left--;
	}
	return true;
}
