/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

/* The first byte of a character says how many follow, and narrows the range of the second. */
static bool begin_char(struct utf8 *u, uint8_t c)
{
	*u = (struct utf8){.low = 0x80, .high = 0xbf};
	if (c < 0x80)
		return true;
	if (c < 0xc2 || c > 0xf4)
		return false;
	u->left = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	if (c == 0xe0)
		u->low = 0xa0; /* below: overlong */
	else if (c == 0xed)
		u->high = 0x9f; /* above: surrogates */
	else if (c == 0xf0)
		u->low = 0x90; /* below: overlong */
	else if (c == 0xf4)
		u->high = 0x8f; /* above: no character */
	return true;
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
