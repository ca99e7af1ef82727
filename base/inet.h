/* SPDX-License-Identifier: ISC */
/*
 * Internet addresses as values, and their text.
 *
 * One type holds IPv4 and IPv6: sixteen bytes in network order, an IPv4 address in its
 * IPv4-mapped form ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). So transports carry one
 * kind of address, whichever network layer is below them.
 */
#ifndef BASE_INET_H
#define BASE_INET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/err.h"

/*
 * How many words an address has, of which the last alone differs between those of IPv4. Objects for
 * small boards, in an image that has no more than a minimal IPv4, have it alone (PLAIN_IPV4;
 * tools/mk/build.mk). There IPv6's functions mean nothing, and nothing calls them.
 */
#ifdef PLAIN_IPV4
#define INET_WORDS 1
#else
#define INET_WORDS 4
#endif

struct ip_addr {
	uint32_t word[INET_WORDS]; /* in memory order: network byte order */
};

/* The word that IPv4 addresses differ in. */
#define INET_V4_WORD (INET_WORDS - 1)

/* A constant address, its words in host order. */
#if INET_WORDS == 1
#define INET_ADDR(a, b, c, d)                                                                      \
	{                                                                                          \
		{                                                                                  \
			__builtin_bswap32(d)                                                       \
		}                                                                                  \
	}
#else
#define INET_ADDR(a, b, c, d)                                                                      \
	{                                                                                          \
		{                                                                                  \
			__builtin_bswap32(a), __builtin_bswap32(b), __builtin_bswap32(c),          \
				__builtin_bswap32(d)                                               \
		}                                                                                  \
	}
#endif

struct ipv4_prefix {
	uint32_t addr; /* host order */
	uint8_t bits;  /* 0 to 32 */
};

/* A way to the addresses of `dst` by the neighbour `gateway`, host order; 0: they are on the link.
 */
struct ipv4_route {
	struct ipv4_prefix dst;
	uint32_t gateway;
};

struct ipv6_prefix {
	struct ip_addr addr;
	uint8_t bits; /* 0 to 128 */
};

enum {
	INET_ADDR_CHARS = 46, /* of the longest text of an address, with its NUL */
	INET_V4_CHARS = 16,   /* the same of an IPv4 address */
};

/* The address whose host-order IPv4 value is `v4`. */
BRIEF struct ip_addr ip_addr_from_v4(uint32_t v4)
{
	return (struct ip_addr)INET_ADDR(0, 0, 0xffff, v4);
}

ALWAYS_INLINE bool ip_addr_is_v4(const struct ip_addr *a)
{
#if INET_WORDS == 1
	(void)a;
	return true;
#else
	return (load_le64(a->word) | (a->word[2] ^ __builtin_bswap32(0xffff))) == 0;
#endif
}

/* The host-order IPv4 value of a mapped address. */
static inline uint32_t ip_addr_v4(const struct ip_addr *a)
{
	return __builtin_bswap32(a->word[INET_V4_WORD]);
}

/*
 * Whether the image has IPv6: a constant, so that the linker leaves out what is for it. Of an
 * address that a packet or a route of the image has, these two say the same as those above and
 * below; of any other they may not.
 */
extern const bool inet_has_v6;

ALWAYS_INLINE bool inet_is_v4(const struct ip_addr *a)
{
	return !inet_has_v6 || ip_addr_is_v4(a);
}

/*
 * Whether the image's IPv4 is no more than a host at the edge of a network needs: no groups (level
 * 0 of RFC 1112), one router, nothing about other stations with the same address, no errors about
 * what it cannot deliver. It heeds no errors either: routers may fragment what it sends (RFC 791),
 * so that none needs to tell it of a smaller MTU. A constant like the above.
 */
extern const bool inet_is_minimal;

/* Whether no network layer of the image has groups, or tells transports of ICMP errors. */
ALWAYS_INLINE bool inet_is_bare(void)
{
	return !inet_has_v6 && inet_is_minimal;
}

/* A group of hosts: 224/4 (RFC 1112 section 4), ff00::/8 (RFC 4291 section 2.7). */
static inline bool ip_addr_is_group(const struct ip_addr *a)
{
	if (ip_addr_is_v4(a))
		return ip_addr_v4(a) >> 28 == 14;
	return __builtin_bswap32(a->word[0]) >> 24 == 0xff;
}

ALWAYS_INLINE bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
#if INET_WORDS == 1
	return a->word[0] == b->word[0];
#else
	uint64_t a0 = load_le64(a->word), a1 = load_le64(a->word + 2);
	uint64_t b0 = load_le64(b->word), b1 = load_le64(b->word + 2);
	return (a0 == b0) & (a1 == b1);
#endif
}

ALWAYS_INLINE bool inet_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	return inet_has_v6 ? ip_addr_equal(a, b) : a->word[INET_V4_WORD] == b->word[INET_V4_WORD];
}

/* 169.254/16, which no router forwards (RFC 3927 section 2.1): `addr` in host order. */
static inline bool ipv4_is_link_local(uint32_t addr)
{
	return addr >> 16 == 0xa9fe;
}

static inline uint32_t ipv4_prefix_mask(struct ipv4_prefix p)
{
	return p.bits == 0 ? 0 : UINT32_MAX << (32 - p.bits);
}

/* Parses "10.0.2.15", all of `text`; no octal, no short forms. ERR_INVALID. */
MUST_USE COLD enum err inet_parse_v4(const char *text, uint32_t *v4);

/* Parses "10.0.2.15/24". ERR_INVALID; ERR_RANGE for a length over 32. */
MUST_USE COLD enum err inet_parse_v4_prefix(const char *text, struct ipv4_prefix *p);

/*
 * Parses an IPv6 address, all of `text`, in each form of RFC 4291 section 2.2:
 * "fd00:0:0:0:0:0:0:2", "fd00::2", "64:ff9b::192.0.2.33"; no zone, no brackets. ERR_INVALID; then
 * *a is as before.
 */
MUST_USE COLD enum err inet_parse_v6(const char *text, struct ip_addr *a);

/* Parses an address of either kind. ERR_INVALID; then *a is as before. */
MUST_USE COLD enum err inet_parse(const char *text, struct ip_addr *a);

/* Parses "fd00::2/64". ERR_INVALID; ERR_RANGE for a length over 128; then *p is as before. */
MUST_USE COLD enum err inet_parse_v6_prefix(const char *text, struct ipv6_prefix *p);

/* Writes the text of a host-order IPv4 address to `text`, INET_V4_CHARS long, and returns it. */
COLD const char *inet_format_v4(uint32_t v4, char text[static INET_V4_CHARS]);

/*
 * Writes the text of an IPv6 address as RFC 5952 section 4 wants it, a mapped one as
 * "::ffff:10.0.2.2" (section 5), to `text`, INET_ADDR_CHARS long, and returns it.
 */
COLD const char *inet_format_v6(const struct ip_addr *a, char text[static INET_ADDR_CHARS]);

/* Writes the text of an address, IPv4 if it is a mapped one, to `text`, INET_ADDR_CHARS long, and
 * returns it. */
COLD const char *inet_format(const struct ip_addr *a, char text[static INET_ADDR_CHARS]);

#endif
