/* SPDX-License-Identifier: ISC */
#include "base/inet.h"

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

enum err inet_parse_v4_prefix(const char *text, struct ipv4_prefix *p)
{
	uint32_t bits;
	enum err e = parse_v4(&text, &p->addr);
	if (e != OK || *text++ != '/')
		return ERR_INVALID;
	e = parse_decimal(&text, 32, &bits);
	if (e != OK)
		return e;
	if (*text != '\0')
		return ERR_INVALID;
	p->bits = (uint8_t)bits;
	return OK;
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
static int longest_zero_run(const uint16_t group[8], int *run_len)
{
	int best = -1;
	*run_len = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;
		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > *run_len) {
			best = i;
			*run_len = n;
		}
		i += n;
	}
	return best;
}

static void format_v6(const struct ip_addr *a, char *at)
{
	uint16_t group[8];
	int run_len;
	for (int i = 0; i < 8; i++)
		group[i] = load_be16((const uint8_t *)a->word + 2 * i);
	int run = longest_zero_run(group, &run_len);
	for (int i = 0; i < 8; i++) {
		if (i == run) {
			*at++ = ':';
			i += run_len - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		at = put_number(at, group[i], 16);
	}
	*at = '\0';
}

const char *inet_format(const struct ip_addr *a, char text[static INET_ADDR_CHARS])
{
	if (ip_addr_is_v4(a))
		return inet_format_v4(ip_addr_v4(a), text);
	format_v6(a, text);
	return text;
}
