/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <string.h>

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

bool text_is_name_char(char c)
{
	char letter = (char)(c | ('a' - 'A'));

	return (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') || c == '-';
}

int text_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *next_text(const char *text)
{
	return text + strlen(text) + 1;
}

int text_place(const char *list, const char *text)
{
	for (int place = 0; *list != '\0'; place++, list = next_text(list)) {
		if (text_equal(list, text))
			return place;
	}
	return -1;
}

const char *text_at(const char *list, unsigned place)
{
	while (place-- > 0)
		list = next_text(list);
	return list;
}
