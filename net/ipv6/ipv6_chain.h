/* SPDX-License-Identifier: ISC */
/*
 * The chain of extension headers between the IPv6 header and the transport's (RFC 8200 section 4),
 * walked over hostile bytes. Values only.
 *
 * How many headers and options there may be is bounded (RFC 8504 section 5.3), and all of them must
 * lie in the bytes that are given. Nothing in them changes what becomes of a packet, but for
 * fragments: options are skipped unless their type says that they must be understood, and a packet
 * that is still to be routed is refused, by every type of routing header (RFC 5095).
 */
#ifndef NET_IPV6_IPV6_CHAIN_H
#define NET_IPV6_IPV6_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	IPV6_EXTENSIONS_MAX = 8, /* headers in a packet */
	IPV6_OPTIONS_MAX = 8,    /* in a header, besides padding */
	IPV6_PADDING_MAX = 7,    /* bytes in a row */
	IPV6_FRAGMENT_BYTES = 8, /* of the fragment header */
};

/* What is to be done with a packet. */
enum ipv6_verdict {
	IPV6_ACCEPT,
	IPV6_TRUNCATED,      /* the chain goes on behind the bytes, or a length in it is wrong */
	IPV6_EXCESS,         /* more headers, options or padding than there may be */
	IPV6_DISCARD,        /* an option says so, or there is nothing in it */
	IPV6_PROBLEM,        /* the same, and the sender is to be told, unless it was to a group */
	IPV6_PROBLEM_ALWAYS, /* the same, even then */
};

/* Codes of ICMPv6 Parameter Problem (RFC 4443 section 3.4, RFC 7112 section 5). */
enum ipv6_problem {
	IPV6_PROBLEM_FIELD = 0,
	IPV6_PROBLEM_NEXT_HEADER = 1,
	IPV6_PROBLEM_OPTION = 2,
	IPV6_PROBLEM_INCOMPLETE = 3, /* first fragment without the whole chain */
};

struct ipv6_chain {
	uint32_t bytes;      /* of all headers, from the IPv6 header on: there is the transport's */
	uint32_t problem_at; /* offset of the byte at fault, for IPV6_PROBLEM… */
	uint32_t fragment_at;       /* offset of the fragment header; 0: there is none */
	uint32_t fragment_named_at; /* offset of the field that says that there is one */
	uint16_t fragment_offset;   /* bytes of what was cut that come before it */
	bool more;                  /* and some behind it */
	uint32_t next_at;           /* offset of the field that says what the transport is */
	uint8_t proto;
	uint8_t code;     /* enum ipv6_problem */
	bool is_fragment; /* a part of a packet, not all of it */
	bool is_first;    /* the part with the transport header, or the whole */
};

/*
 * Walks from the IPv6 header at `packet`, of which 40 bytes at least are there, over `len` bytes.
 * Behind a fragment header that is not the first part's the chain ends. For IPV6_TRUNCATED, what is
 * known up to there is set.
 */
MUST_USE enum ipv6_verdict ipv6_chain_walk(struct ipv6_chain *c, const uint8_t *packet, size_t len);

/*
 * The transport's protocol and, in *at, the offset of its header, however many extension headers
 * there are and whatever they say. IPV6_NO_NEXT_HEADER if the bytes end before it.
 */
uint8_t ipv6_chain_skip(const uint8_t *packet, size_t len, size_t *at);

#endif
