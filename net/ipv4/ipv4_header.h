/* SPDX-License-Identifier: ISC */
/*
 * The header of IPv4 (RFC 791 section 3.1): parsed and emitted. Values only; no context.
 */
#ifndef NET_IPV4_IPV4_HEADER_H
#define NET_IPV4_IPV4_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ip/ip.h"

enum {
	IPV4_VERSION_AND_LENGTH = 0x45, /* version 4, five words: the first byte without options */
	IPV4_FRAGMENT_UNIT = 8,         /* bytes that offsets of fragments count in */
	IPV4_DONT_FRAGMENT = 0x4000,
	IPV4_MORE_FRAGMENTS = 0x2000,
	IPV4_FRAGMENT_OFFSET = 0x1fff,
};

/* For ipv4_header_emit(): DF, and identification 0, which means nothing then (RFC 6864
 * section 4.1). */
#define IPV4_WHOLE __builtin_bswap32(IPV4_DONT_FRAGMENT)

struct ipv4_header {
	uint32_t src, dst; /* host order */
	uint16_t total_bytes;
	uint8_t header_bytes; /* options included */
	uint8_t proto, ttl, tos;
	bool is_fragment; /* any but a whole packet */
	bool is_first;    /* begins with a transport header */
};

/*
 * Reads the header at the front of `len` bytes. False if it is not a whole header of version 4
 * or its lengths contradict each other. Checks neither its checksum nor that total_bytes are there.
 */
MUST_USE bool ipv4_header_parse(struct ipv4_header *h, const uint8_t *bytes, size_t len);

/* The TTL of a packet to be sent: to a group no further than the link, unless told otherwise (RFC
 * 1112 section 6.1). */
uint8_t ipv4_ttl(const struct ip_meta *meta);

/*
 * Writes the header of a packet of `total_bytes`, with its checksum: IPV4_HEADER_BYTES bytes. The
 * TTL is not meta's, in which 0 has a meaning. `fragment` is the header's second word
 * in memory order: IPV4_WHOLE, or an identification, in any order of its bytes, in its lower half.
 */
void ipv4_header_emit(const struct ip_meta *meta, uint8_t ttl, uint16_t total_bytes,
		      uint32_t fragment, uint8_t *out);

/* Whether a packet with this header is not whole. */
ALWAYS_INLINE bool ipv4_is_fragment(const uint8_t *header)
{
	const uint16_t mask = __builtin_bswap16(IPV4_MORE_FRAGMENTS | IPV4_FRAGMENT_OFFSET);
	return (load_le16(header + 6) & mask) != 0; /* in memory order, as the mask */
}

/* The sum of a header without options, five words (base/checksum.h): what nearly all have. */
ALWAYS_INLINE uint32_t ipv4_header_sum(const uint8_t *header)
{
	/* In 64 bits, in which nothing can be carried out. */
	uint64_t sum = (uint64_t)load_le32(header) + load_le32(header + 4) + load_le32(header + 8) +
		       load_le32(header + 12) + load_le32(header + 16);
	return csum_add_word((uint32_t)sum, (uint32_t)(sum >> 32));
}

/* Makes the checksum of a header right again after a change; options are part of it. */
void ipv4_header_emit_checksum(uint8_t *header);

/* The field with flags and offset of a fragment whose payload begins at a multiple of 8 bytes. */
static inline uint16_t ipv4_fragment_field(uint32_t offset_bytes, bool more)
{
	return (uint16_t)(offset_bytes / IPV4_FRAGMENT_UNIT | (more ? IPV4_MORE_FRAGMENTS : 0));
}

#endif
