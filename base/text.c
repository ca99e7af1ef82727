/* SPDX-License-Identifier: ISC */
#include "base/text.h"

bool text_begins(const char *text, const char *prefix, size_t len)
{
	for (; len > 0; len--, text++, prefix++) {
		if (*text == '\0' || *text != *prefix)
			return false;
	}
	return true;
}

bool text_equal(const char *a, const char *b)
{
	for (; *a == *b; a++, b++) {
		if (*a == '\0')
			return true;
	}
	return false;
}

int text_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
