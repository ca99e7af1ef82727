/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "net/http/http_parse.h"

/* Four hexadecimal digits, the first in the highest byte; all at once. */
static uint32_t hex_of(uint16_t v)
{
	uint32_t digits = (v | (uint32_t)v << 8) & 0x00ff00ff;
	digits = (digits | digits << 4) & 0x0f0f0f0f;
	uint32_t letters = (digits + 0x06060606) >> 4 & 0x01010101; /* 1 for those above 9 */
	return digits + 0x30303030 + letters * ('a' - '9' - 1);
}

void http_format_etag(uint64_t etag, char text[static HTTP_ETAG_CHARS])
{
	text[0] = '"';
	for (unsigned i = 0; i < 4; i++, etag <<= 16)
		store_be32(text + 1 + 4 * i, hex_of((uint16_t)(etag >> 48)));
	text[17] = '"';
}

enum comparison { TAG_WEAK, TAG_STRONG };

/* RFC 9110 section 8.8.3.2; our own tags are strong, so W/ before theirs decides. */
static bool same_tag(struct http_text tag, uint64_t etag, enum comparison how)
{
	if (how == TAG_WEAK)
		http_text_skip(&tag, http_text_begins(tag, "W/"));
	bool same = tag.len == HTTP_ETAG_CHARS && tag.at[0] == '"' && tag.at[17] == '"';
	for (unsigned i = 1; same && i <= 16; i++, etag <<= 4)
		same = tag.at[i] == "0123456789abcdef"[etag >> 60];
	return same;
}

/*
 * Whether `list` is "*" or names the tag. A tag that holds a comma falls apart here, but no part of
 * it can look like one of ours, since a quote ends a tag.
 */
static bool names_tag(struct http_text list, uint64_t etag, enum comparison how)
{
	struct http_text item;
	if (http_text_equal(list, "*"))
		return true;
	while ((item = http_text_next_item(&list)).len > 0) {
		if (same_tag(item, etag, how))
			return true;
	}
	return false;
}

/* The fields that are looked at. */
enum { IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE };

struct conditions {
	/* Bit N: such a field does not name the tag, or does. */
	unsigned differ, match;
	unsigned ranges; /* Range fields, the last of which is */
	struct http_text range;
};

static struct conditions read_conditions(struct http_text fields, uint64_t etag)
{
	static const char names[] = "if-match\0if-none-match\0if-range\0range\0";
	struct conditions c = {0};
	struct http_text value;
	int place;
	while ((place = http_find_field(&fields, names, &value)) >= 0) {
		if (place == RANGE) {
			c.ranges++;
			c.range = value;
			continue;
		}
		enum comparison how = place == IF_NONE_MATCH ? TAG_WEAK : TAG_STRONG;
		/* If-Range is no list. A date never matches: there is none to compare it with. */
		bool same = place == IF_RANGE ? same_tag(value, etag, how)
					      : names_tag(value, etag, how);
		*(same ? &c.match : &c.differ) |= 1u << place;
	}
	return c;
}

/*
 * One range of bytes: 206, or 416 if there are none of them. Several, or what is malformed, are
 * ignored: 200 (RFC 9110 section 14.2).
 *
 *   int-range = first-pos "-" [ last-pos ], suffix-range = "-" suffix-length
 */
static unsigned parse_range(struct http_text value, uint64_t total, struct http_selection *out)
{
	uint64_t first = 0, last = UINT64_MAX;
	struct http_text unit = http_text_cut(&value, '=');
	value = http_text_trim(value);
	const size_t len = value.len;
	struct http_text front = http_text_cut(&value, '-');
	if (!http_text_is(unit, "bytes") || len < 2 || front.len == len ||
	    (front.len > 0 && !http_text_number(front, &first)) ||
	    (value.len > 0 && !http_text_number(value, &last)) || last < first)
		return 200;
	if (front.len == 0) {
		if (last > 0 && total == 0)
			return 200; /* all of nothing: no Content-Range can say so */
		first = total - MIN(last, total);
		last = total;
	}
	if (first >= total)
		return 416;
	out->first = first;
	out->bytes = MIN(last, total - 1) - first + 1;
	return 206;
}

/* In the order of precedence of RFC 9110 section 13.2.2. */
struct http_selection http_select(enum http_method method, struct http_text fields, uint64_t etag,
				  uint64_t total)
{
	struct http_selection s = {.status = 200, .bytes = total};
	struct conditions c = read_conditions(fields, etag);
	if ((c.differ & ~c.match & 1u << IF_MATCH) != 0)
		s.status = 412;
	else if ((c.match & 1u << IF_NONE_MATCH) != 0)
		s.status = 304;
	else if (method == HTTP_GET && c.ranges == 1 && (c.differ & 1u << IF_RANGE) == 0 &&
		 total != HTTP_LENGTH_UNKNOWN)
		s.status = parse_range(c.range, total, &s);
	return s;
}
