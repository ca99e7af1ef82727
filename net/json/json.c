/* SPDX-License-Identifier: ISC */
#include "net/json/json.h"

#include <string.h>

#include "base/divide.h"

/* Each function takes what its name says off the front. False: it is not there. */
struct reader {
	const char *at, *end;
};

static void skip_space(struct reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool take_word(struct reader *r, const char *word)
{
	while (*word != '\0') {
		if (!take(r, *word++))
			return false;
	}
	return true;
}

static bool is_digit(const struct reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool take_digits(struct reader *r)
{
	if (!is_digit(r))
		return false;
	while (is_digit(r))
		r->at++;
	return true;
}

/* Section 6. */
static bool take_number(struct reader *r)
{
	(void)take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			(void)take(r, '-');
		return take_digits(r);
	}
	return true;
}

static bool take_hex_digits(struct reader *r)
{
	for (unsigned i = 0; i < 4; i++, r->at++) {
		char letter = r->at < r->end ? (char)(*r->at | 0x20) : '\0';
		if (!is_digit(r) && !(letter >= 'a' && letter <= 'f'))
			return false;
	}
	return true;
}

/* Section 7. */
static bool take_string(struct reader *r)
{
	if (!take(r, '"'))
		return false;
	while (r->at < r->end) {
		char c = *r->at++;
		if (c == '"')
			return true;
		if ((uint8_t)c < ' ')
			return false;
		if (c != '\\')
			continue;
		if (r->at == r->end || *r->at == '\0' || strchr("\"\\/bfnrtu", *r->at) == NULL)
			return false;
		if (*r->at++ == 'u' && !take_hex_digits(r))
			return false;
	}
	return false;
}

static bool take_value(struct reader *r, unsigned depth);

static bool take_member(struct reader *r, unsigned depth)
{
	skip_space(r);
	if (!take_string(r))
		return false;
	skip_space(r);
	return take(r, ':') && take_value(r, depth);
}

/* An array or object, from behind its first character to the one that ends it. */
static bool take_items(struct reader *r, char end, unsigned depth)
{
	if (depth == JSON_DEPTH_MAX)
		return false;
	skip_space(r);
	if (take(r, end))
		return true;
	do {
		if (end == '}' ? !take_member(r, depth + 1) : !take_value(r, depth + 1))
			return false;
	} while (take(r, ','));
	return take(r, end);
}

static bool take_bare_value(struct reader *r, unsigned depth)
{
	switch (r->at < r->end ? *r->at : '\0') {
	case '{':
		r->at++;
		return take_items(r, '}', depth);
	case '[':
		r->at++;
		return take_items(r, ']', depth);
	case '"':
		return take_string(r);
	case 't':
		return take_word(r, "true");
	case 'f':
		return take_word(r, "false");
	case 'n':
		return take_word(r, "null");
	default:
		return take_number(r);
	}
}

/* With the white space around it. The depth, and with it the recursion, is bounded. */
static bool take_value(struct reader *r, unsigned depth)
{
	skip_space(r);
	if (!take_bare_value(r, depth))
		return false;
	skip_space(r);
	return true;
}

static struct reader reader_over(struct json value)
{
	return (struct reader){value.at, value.at + value.len};
}

/* A value and where it ends; white space behind it is taken too. */
static bool read_value(struct reader *r, struct json *value)
{
	skip_space(r);
	const char *begin = r->at;
	if (!take_bare_value(r, 0))
		return false;
	*value = (struct json){begin, (size_t)(r->at - begin)};
	skip_space(r);
	return true;
}

bool json_parse(struct json *value, const char *text, size_t len)
{
	struct reader r = {text, text + len};

	return read_value(&r, value) && r.at == r.end;
}

bool json_member(struct json object, const char *key, struct json *value)
{
	struct reader r = reader_over(object);
	size_t len = strlen(key);

	if (!take(&r, '{'))
		return false;
	do {
		skip_space(&r);
		const char *name = r.at + 1;
		if (!take_string(&r))
			return false;
		bool found = (size_t)(r.at - 1 - name) == len && memcmp(name, key, len) == 0;
		skip_space(&r);
		if (!take(&r, ':') || !read_value(&r, value))
			return false;
		if (found)
			return true;
	} while (take(&r, ','));
	return false;
}

bool json_next(struct json *array, struct json *item)
{
	struct reader r = reader_over(*array);

	if ((!take(&r, '[') && !take(&r, ',')) || !read_value(&r, item))
		return false;
	*array = (struct json){r.at, (size_t)(r.end - r.at)};
	return true;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* Far beyond every exponent that makes a difference to 64 bits. */
enum { EXPONENT_MAX = 10000 };

static int read_exponent(struct reader *r)
{
	int n = 0;

	if (!take(r, 'e') && !take(r, 'E'))
		return 0;
	bool negative = take(r, '-');
	(void)take(r, '+');
	for (; is_digit(r); r->at++)
		n = n < EXPONENT_MAX ? n * 10 + (*r->at - '0') : n;
	return negative ? -n : n;
}

/* Reads as many digits as 64 bits hold. What is returned times ten to the power of *scale is it. */
static uint64_t read_digits(struct reader *r, int *scale)
{
	uint64_t n = 0;
	bool fraction = false;

	for (; is_digit(r) || (r->at < r->end && *r->at == '.'); r->at++) {
		if (*r->at == '.') {
			fraction = true;
		} else if (n < (uint64_t)INT64_MAX / 10) {
			n = n * 10 + (unsigned)(*r->at - '0');
			*scale -= fraction;
		} else {
			*scale += !fraction;
		}
	}
	return n;
}

static uint64_t scaled(uint64_t n, int scale)
{
	uint32_t rest;

	for (; scale < 0 && n > 0; scale++)
		n = divide(n, 10, &rest);
	for (; scale > 0 && n > 0; scale--) {
		if (n > (uint64_t)INT64_MAX / 10)
			return INT64_MAX;
		n *= 10;
	}
	return n;
}

bool json_number(struct json value, unsigned decimals, int64_t *number)
{
	struct reader r = reader_over(value), whole = r;
	int scale = (int)decimals;

	if (!take_number(&whole) || whole.at != whole.end)
		return false;
	bool negative = take(&r, '-');
	uint64_t n = read_digits(&r, &scale);
	scale += read_exponent(&r);
	*number = (int64_t)scaled(n, scale);
	if (negative)
		*number = -*number;
	return true;
}

bool json_is_true(struct json value)
{
	return value.len == 4 && memcmp(value.at, "true", 4) == 0;
}
