/* SPDX-License-Identifier: ISC */
#include "base/inet.h"

#include "base/text.h"

WEAK const bool inet_has_v6 = true;
WEAK const bool inet_is_minimal = false;

/* A decimal number of at most `max`, without leading zeros; moves *s past it. */
static enum err parse_decimal(const char **s, uint32_t max, uint32_t *out)
{
	const char *p = *s;
	uint32_t v = 0;

	if (*p < '0' || *p > '9' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'))
		return ERR_INVALID;
	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (uint32_t)(*p - '0');
		if (v > max)
			return ERR_RANGE;
	}
	*s = p;
	*out = v;
	return OK;
}

static enum err parse_v4(const char **s, uint32_t *v4)
{
	uint32_t v = 0;
	for (int i = 0; i < 4; i++) {
		uint32_t octet;
		if (i > 0 && *(*s)++ != '.')
			return ERR_INVALID;
		if (parse_decimal(s, 255, &octet) != OK)
			return ERR_INVALID;
		v = v << 8 | octet;
	}
	*v4 = v;
	return OK;
}

enum err inet_parse_v4(const char *text, uint32_t *v4)
{
	enum err e = parse_v4(&text, v4);
	return e == OK && *text != '\0' ? ERR_INVALID : e;
}

/* "/24", up to the end of the text. */
static SELDOM enum err parse_bits(const char *text, uint32_t max, uint32_t *bits)
{
	if (*text++ != '/')
		return ERR_INVALID;
	enum err e = parse_decimal(&text, max, bits);
	return e == OK && *text != '\0' ? ERR_INVALID : e;
}

enum err inet_parse_v4_prefix(const char *text, struct ipv4_prefix *p)
{
	uint32_t v4, bits;
	enum err e = parse_v4(&text, &v4);
	if (e == OK)
		e = parse_bits(text, 32, &bits);
	if (e == OK)
		*p = (struct ipv4_prefix){.addr = v4, .bits = (uint8_t)bits};
	return e;
}

/* One to four hexadecimal digits; moves *s past them. */
static enum err parse_group(const char **s, uint16_t *out)
{
	unsigned v = 0;
	int n = 0, digit;

	for (; (digit = text_hex_value(**s)) >= 0; ++*s) {
		if (++n > 4)
			return ERR_INVALID;
		v = v << 4 | (unsigned)digit;
	}
	*out = (uint16_t)v;
	return n > 0 ? OK : ERR_INVALID;
}

/* Whether an IPv4 address, not a group of hexadecimal digits, must begin at `s`. */
static bool v4_follows(const char *s)
{
	while (*s >= '0' && *s <= '9')
		s++;
	return *s == '.';
}

enum { V6_GROUPS = 8, GROUP_BYTES = 2 };

/*
 * Writes the groups in front of and behind "::" one behind the other; it stands before number *gap,
 * -1 if there is none. How many there are, or an error.
 */
static int parse_groups(const char **s, uint8_t *bytes, int *gap)
{
	int n = 0;
	*gap = -1;
	while (n < V6_GROUPS) {
		uint16_t group;
		if ((*s)[0] == ':' && (*s)[1] == ':' && *gap < 0) {
			*gap = n;
			*s += 2;
			if (text_hex_value(**s) < 0)
				break;
		} else if (n > 0) {
			if (**s != ':')
				break;
			++*s;
		}
		if (n <= V6_GROUPS - 2 && v4_follows(*s)) {
			uint32_t v4;
			if (parse_v4(s, &v4) != OK)
				return ERR_INVALID;
			store_be32(bytes + n * GROUP_BYTES, v4);
			return n + 2;
		}
		if (parse_group(s, &group) != OK)
			return ERR_INVALID;
		store_be16(bytes + n++ * GROUP_BYTES, group);
	}
	return n;
}

/* An address in the forms of RFC 4291 section 2.2; moves *s past it. An error leaves *a as it may.
 */
static enum err parse_v6(const char **s, struct ip_addr *a)
{
	uint8_t *bytes = (uint8_t *)a->word;
	int gap, count = INET_WORDS == 1 ? ERR_INVALID : parse_groups(s, bytes, &gap);

	/* "::" stands for one group at least. */
	if (count < 0 || (gap < 0) != (count == V6_GROUPS))
		return ERR_INVALID;
	if (gap < 0)
		return OK;
	size_t missing = (size_t)(V6_GROUPS - count) * GROUP_BYTES;
	bytes += gap * GROUP_BYTES;
	memmove(bytes + missing, bytes, (size_t)(count - gap) * GROUP_BYTES);
	memset(bytes, 0, missing);
	return OK;
}

enum err inet_parse_v6(const char *text, struct ip_addr *a)
{
	struct ip_addr parsed;
	if (parse_v6(&text, &parsed) != OK || *text != '\0')
		return ERR_INVALID;
	*a = parsed;
	return OK;
}

enum err inet_parse(const char *text, struct ip_addr *a)
{
	uint32_t v4;

	if (inet_parse_v4(text, &v4) != OK)
		return inet_parse_v6(text, a);
	*a = ip_addr_from_v4(v4);
	return OK;
}

enum err inet_parse_v6_prefix(const char *text, struct ipv6_prefix *p)
{
	struct ip_addr parsed;
	uint32_t bits;
	enum err e = parse_v6(&text, &parsed);
	if (e == OK)
		e = parse_bits(text, 128, &bits);
	if (e == OK)
		*p = (struct ipv6_prefix){.addr = parsed, .bits = (uint8_t)bits};
	return e;
}

static char *put_number(char *at, unsigned v, unsigned base)
{
	if (v >= base)
		at = put_number(at, v / base, base);
	*at++ = "0123456789abcdef"[v % base];
	return at;
}

const char *inet_format_v4(uint32_t v4, char text[static INET_V4_CHARS])
{
	char *at = text;
	for (int shift = 24; shift >= 0; shift -= 8) {
		at = put_number(at, v4 >> shift & 255, 10);
		*at++ = shift > 0 ? '.' : '\0';
	}
	return text;
}

/* The longest run of two or more zero groups, which "::" replaces (RFC 5952 section 4.2). */
static int longest_zero_run(const uint16_t group[V6_GROUPS], int *run_len)
{
	int best = -1;
	*run_len = 1;
	for (int i = 0; i < V6_GROUPS; i++) {
		int n = 0;
		while (i + n < V6_GROUPS && group[i + n] == 0)
			n++;
		if (n > *run_len) {
			best = i;
			*run_len = n;
		}
		i += n;
	}
	return best;
}

const char *inet_format_v6(const struct ip_addr *a, char text[static INET_ADDR_CHARS])
{
	uint16_t group[V6_GROUPS];
	char *at = text;
	int run_len;

	if (ip_addr_is_v4(a)) {
		memcpy(at, "::ffff:", 7);
		(void)inet_format_v4(ip_addr_v4(a), at + 7);
		return text;
	}
	for (int i = 0; i < V6_GROUPS; i++)
		group[i] = load_be16((const uint8_t *)a->word + 2 * i);
	int run = longest_zero_run(group, &run_len);
	for (int i = 0; i < V6_GROUPS; i++) {
		if (i == run) {
			*at++ = ':';
			i += run_len - 1;
			if (i == V6_GROUPS - 1)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		at = put_number(at, group[i], 16);
	}
	*at = '\0';
	return text;
}

const char *inet_format(const struct ip_addr *a, char text[static INET_ADDR_CHARS])
{
	if (ip_addr_is_v4(a))
		return inet_format_v4(ip_addr_v4(a), text);
	return inet_format_v6(a, text);
}
