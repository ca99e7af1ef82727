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
static GUARDED bool same_tag(struct http_text tag, uint64_t etag, enum comparison how)
{
	char text[HTTP_ETAG_CHARS];
	http_format_etag(etag, text);
	if (how == TAG_WEAK && tag.len > 2 && memcmp(tag.at, "W/", 2) == 0)
		http_text_skip(&tag, 2);
	return tag.len == sizeof(text) && memcmp(tag.at, text, sizeof(text)) == 0;
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
	while (http_text_next_item(&list, &item)) {
		if (same_tag(item, etag, how))
			return true;
	}
	return false;
}

/* What the fields ask for. */
struct conditions {
	bool if_match, matches; /* If-Match is there; it names the tag */
	bool none_match_fails;  /* If-None-Match names the tag */
	bool if_range_fails;    /* If-Range is there and does not */
	unsigned ranges;        /* Range fields */
	struct http_text range;
};

static struct conditions read_conditions(struct http_text fields, uint64_t etag)
{
	struct conditions c = {0};
	struct http_text name, value;
	while (http_next_field(&fields, &name, &value)) {
		if (http_text_is(name, "if-match")) {
			c.if_match = true;
			c.matches |= names_tag(value, etag, TAG_STRONG);
		} else if (http_text_is(name, "if-none-match")) {
			c.none_match_fails |= names_tag(value, etag, TAG_WEAK);
		} else if (http_text_is(name, "if-range")) {
			/* A date never matches: there is none to compare it with. */
			c.if_range_fails |= !same_tag(value, etag, TAG_STRONG);
		} else if (http_text_is(name, "range")) {
			c.ranges++;
			c.range = value;
		}
	}
	return c;
}

enum range_result { RANGE_IGNORED, RANGE_OK, RANGE_UNSATISFIABLE };

/* suffix-range = "-" suffix-length */
static enum range_result parse_suffix(struct http_text t, uint64_t total,
				      struct http_selection *out)
{
	uint64_t n;
	http_text_skip(&t, 1);
	if (!http_text_take_number(&t, &n) || t.len > 0)
		return RANGE_IGNORED;
	if (n == 0)
		return RANGE_UNSATISFIABLE;
	if (total == 0)
		return RANGE_IGNORED; /* all of nothing: no Content-Range can say so */
	out->bytes = MIN(n, total);
	out->first = total - out->bytes;
	return RANGE_OK;
}

/* int-range = first-pos "-" [ last-pos ] */
static enum range_result parse_int_range(struct http_text t, uint64_t total,
					 struct http_selection *out)
{
	uint64_t first, last = UINT64_MAX;
	if (!http_text_take_number(&t, &first) || t.len == 0 || t.at[0] != '-')
		return RANGE_IGNORED;
	http_text_skip(&t, 1);
	if (t.len > 0 && (!http_text_take_number(&t, &last) || t.len > 0 || last < first))
		return RANGE_IGNORED;
	if (first >= total)
		return RANGE_UNSATISFIABLE;
	out->first = first;
	out->bytes = MIN(last, total - 1) - first + 1;
	return RANGE_OK;
}

/* One range of bytes; several, or what is malformed, are ignored (RFC 9110 section 14.2). */
static enum range_result parse_range(struct http_text value, uint64_t total,
				     struct http_selection *out)
{
	struct http_text unit = http_text_cut(&value, '=');
	value = http_text_trim(value);
	if (!http_text_is(unit, "bytes") || value.len == 0)
		return RANGE_IGNORED;
	if (value.at[0] == '-')
		return parse_suffix(value, total, out);
	return parse_int_range(value, total, out);
}

/* In the order of precedence of RFC 9110 section 13.2.2. */
struct http_selection http_select(enum http_method method, struct http_text fields, uint64_t etag,
				  uint64_t total)
{
	struct http_selection s = {.status = 200, .bytes = total};
	struct conditions c = read_conditions(fields, etag);
	if (c.if_match && !c.matches) {
		s.status = 412;
	} else if (c.none_match_fails) {
		s.status = 304;
	} else if (method == HTTP_GET && c.ranges == 1 && !c.if_range_fails &&
		   total != HTTP_LENGTH_UNKNOWN) {
		enum range_result r = parse_range(c.range, total, &s);
		if (r != RANGE_IGNORED)
			s.status = r == RANGE_OK ? 206 : 416;
	}
	return s;
}
