/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "net/http/http_parse.h"

/* Where code is dear, bytes are looked at one by one. */
enum { BY_WORDS = BY_MEMORY(0, 1), KINDS = 128 };

/*
 * Bytes may differ in the bit of the case where the lower one is a letter: 0x40 is set in those and
 * in nothing else that such a string holds.
 */
static bool differ(uint32_t some, uint32_t lower)
{
	uint32_t letters = lower >> 1 & 0x20202020u;
	return ((some ^ lower) & ~letters) != 0;
}

/* By words, the last four bytes are compared whole, some of them twice. */
int http_text_matches(struct http_text t, const char *lower)
{
	size_t i = 0;
	const size_t words = BY_WORDS && t.len >= 4 ? t.len : 0;
	for (; i < words; i += 4) {
		size_t at = MIN(i, t.len - 4);
		if (differ(load_le32(t.at + at), load_le32(lower + at)))
			return 0;
	}
	for (; i < t.len; i++) {
		if (differ((uint8_t)t.at[i], (uint8_t)lower[i]))
			return 0;
	}
	return 1;
}

bool http_text_same(struct http_text a, struct http_text b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool http_text_equal(struct http_text t, const char *s)
{
	return http_text_same(t, (struct http_text){s, strlen(s)});
}

int http_text_is_of(struct http_text t, const char *lower, size_t len)
{
	return t.len == len && http_text_matches(t, lower);
}

int http_text_place(struct http_text t, const char *list)
{
	for (int place = 0; *list != '\0'; place++) {
		size_t len = strlen(list);
		if (http_text_is_of(t, list, len))
			return place;
		list += len + 1;
	}
	return -1;
}

static bool is_blank(char c)
{
	return (uint8_t)c <= ' ' && (c == ' ' || c == '\t');
}

struct http_text http_text_trim(struct http_text t)
{
	const char *at = t.at, *end = t.at + t.len;
	while (at < end && is_blank(*at))
		at++;
	while (at < end && is_blank(end[-1]))
		end--;
	return (struct http_text){at, (size_t)(end - at)};
}

#define TOKEN  HTTP_CHAR_TOKEN
#define HOST   HTTP_CHAR_HOST
#define TARGET HTTP_CHAR_TARGET
#define NAME   HTTP_CHAR_NAME
#define ADDR   HTTP_CHAR_ADDRESS

/* clang-format off */
static const uint8_t kinds[KINDS] = {
	['!'] = TOKEN | HOST | TARGET,
	['"'] = TARGET,
	['#'] = TOKEN,
	['$'] = TOKEN | HOST | TARGET,
	['%'] = TOKEN | HOST,
	['&'] = TOKEN | HOST | TARGET,
	['\''] = TOKEN | HOST | TARGET,
	['('] = HOST | TARGET,
	[')'] = HOST | TARGET,
	['*'] = TOKEN | HOST | TARGET,
	['+'] = TOKEN | HOST | TARGET,
	[','] = HOST | TARGET,
	['-'] = TOKEN | HOST | TARGET | NAME,
	['.'] = TOKEN | HOST | NAME | ADDR,
	['/'] = TARGET,
	['0' ... '9'] = TOKEN | HOST | TARGET | NAME | ADDR,
	[':'] = HOST | TARGET | ADDR,
	[';'] = HOST | TARGET,
	['<'] = TARGET,
	['='] = HOST | TARGET,
	['>'] = TARGET,
	['?'] = HTTP_CHAR_QUERY,
	['@'] = TARGET,
	['A' ... 'Z'] = TOKEN | HOST | TARGET | NAME | ADDR,
	['['] = HOST | TARGET,
	['\\'] = TARGET,
	[']'] = HOST | TARGET,
	['^'] = TOKEN | TARGET,
	['_'] = TOKEN | HOST | TARGET | NAME,
	['`'] = TOKEN | TARGET,
	['a' ... 'z'] = TOKEN | HOST | TARGET | NAME | ADDR,
	['{'] = TARGET,
	['|'] = TOKEN | TARGET,
	['}'] = TARGET,
	['~'] = TOKEN | HOST | TARGET,
};
/* clang-format on */

static bool is_of_kind(unsigned c, enum http_char kind)
{
	return c < KINDS && (kinds[c] & kind) != 0;
}

size_t http_text_span(const char *at, enum http_char kind)
{
	const char *end = at;
	while (is_of_kind((uint8_t)*end, kind))
		end++;
	return (size_t)(end - at);
}

bool http_text_is_all(struct http_text t, enum http_char kind)
{
	size_t n = 0;
	while (n < t.len && is_of_kind((uint8_t)t.at[n], kind))
		n++;
	return n > 0 && n == t.len;
}

size_t http_text_begins(struct http_text t, const char *s)
{
	size_t n = 0;
	for (; s[n] != '\0'; n++) {
		if (n == t.len || s[n] != t.at[n])
			return 0;
	}
	return n;
}

/*
 * Eight bytes at a time, of which no sum reaches the next: a byte's highest bit says first that its
 * other bits are 0x20 or more, then that they are 0x7f, at last that it is a control character.
 */
size_t http_text_printing(const void *bytes, size_t len)
{
	static const uint64_t ones = 0x0101010101010101u;
	const uint8_t *at = bytes;
	size_t n = 0;
	for (; BY_WORDS && n + 8 <= len; n += 8) {
		uint64_t eight = load_le64(at + n), low = eight & 0x7f * ones;
		uint64_t printing = low + (0x80 - ' ') * ones, del = low + ones;
		uint64_t control = ~(eight | (printing & ~del)) & 0x80 * ones;
		if (control != 0)
			return n + (size_t)__builtin_ctzll(control) / 8;
	}
	while (n < len && at[n] >= ' ' && at[n] != 0x7f)
		n++;
	return n;
}

struct http_text http_text_cut(struct http_text *rest, char separator)
{
	struct http_text head = {.at = rest->at};
	while (head.len < rest->len && rest->at[head.len] != separator)
		head.len++;
	http_text_skip(rest, MIN(head.len + 1, rest->len));
	return head;
}

bool http_text_holds(struct http_text t, char c)
{
	const size_t len = t.len;
	return http_text_cut(&t, c).len < len;
}

struct http_text http_text_until(struct http_text *rest, const char *marks)
{
	struct http_text head = {.at = rest->at};
	while (head.len < rest->len && strchr(marks, rest->at[head.len]) == NULL)
		head.len++;
	http_text_skip(rest, head.len);
	return head;
}

struct http_text http_text_next_item(struct http_text *list)
{
	struct http_text item = {0};
	while (item.len == 0 && list->len > 0)
		item = http_text_trim(http_text_cut(list, ','));
	return item;
}

bool http_text_number(struct http_text t, uint64_t *value)
{
	/* Up to here a further digit cannot overflow; beyond, the number is only "too large". */
	static const uint64_t limit = UINT64_MAX / 10 - 1;
	uint64_t v = 0;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return false;
		v = v <= limit ? v * 10 + (uint64_t)(t.at[i] - '0') : UINT64_MAX;
	}
	*value = v;
	return t.len > 0;
}
