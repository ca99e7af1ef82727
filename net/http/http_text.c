/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_parse.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool http_text_is(struct http_text t, const char *s)
{
	for (size_t i = 0; i < t.len; i++) {
		/* Text never holds a NUL, so a shorter `s` ends the comparison. */
		if (lower(t.at[i]) != s[i])
			return false;
	}
	return s[t.len] == '\0';
}

bool http_text_equal(struct http_text t, const char *s)
{
	return strlen(s) == t.len && memcmp(t.at, s, t.len) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct http_text http_text_trim(struct http_text t)
{
	while (t.len > 0 && is_blank(t.at[0])) {
		t.at++;
		t.len--;
	}
	while (t.len > 0 && is_blank(t.at[t.len - 1]))
		t.len--;
	return t;
}

bool http_text_is_token(struct http_text t)
{
	static const bool is_token_char[256] = {
		['0' ... '9'] = true,  ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true,
		['#' ... '\''] = true, ['*'] = true,         ['+'] = true,         ['-'] = true,
		['.'] = true,          ['^' ... '`'] = true, ['|'] = true,         ['~'] = true,
	};
	for (size_t i = 0; i < t.len; i++) {
		if (!is_token_char[(uint8_t)t.at[i]])
			return false;
	}
	return t.len > 0;
}

struct http_text http_text_cut(struct http_text *rest, char separator)
{
	struct http_text head = *rest;
	const char *found = rest->len > 0 ? memchr(rest->at, separator, rest->len) : NULL;
	if (found == NULL) {
		rest->at += rest->len;
		rest->len = 0;
		return head;
	}
	head.len = (size_t)(found - head.at);
	rest->at += head.len + 1;
	rest->len -= head.len + 1;
	return head;
}

bool http_text_next_item(struct http_text *list, struct http_text *item)
{
	while (list->len > 0) {
		*item = http_text_trim(http_text_cut(list, ','));
		if (item->len > 0)
			return true;
	}
	return false;
}

bool http_text_take_number(struct http_text *t, uint64_t *value)
{
	/* Up to here a further digit cannot overflow; beyond, the number is only "too large". */
	static const uint64_t limit = UINT64_MAX / 10 - 1;
	uint64_t v = 0;
	size_t i = 0;
	for (; i < t->len && t->at[i] >= '0' && t->at[i] <= '9'; i++)
		v = v <= limit ? v * 10 + (uint64_t)(t->at[i] - '0') : UINT64_MAX;
	*value = v;
	t->at += i;
	t->len -= i;
	return i > 0;
}

int http_hex_digit(char c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}
