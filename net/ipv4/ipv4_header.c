/* SPDX-License-Identifier: ISC */
#define HOT_FILE

#include "net/ipv4/ipv4_header.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ipv4/ipv4.h"

/* Version 4 with a length that can be. Few packets get here. */
static bool is_with_options(uint8_t first, size_t len)
{
	size_t header_bytes = (first & 15) * 4u;
	return first >> 4 == 4 && header_bytes > IPV4_HEADER_BYTES && header_bytes <= len;
}

bool ipv4_header_parse(struct ipv4_header *h, const uint8_t *bytes, size_t len)
{
	if (len < IPV4_HEADER_BYTES ||
	    (bytes[0] != IPV4_VERSION_AND_LENGTH && !is_with_options(bytes[0], len)))
		return false;
	uint16_t fragment = load_be16(bytes + 6);
	*h = (struct ipv4_header){
		.src = load_be32(bytes + 12),
		.dst = load_be32(bytes + 16),
		.total_bytes = load_be16(bytes + 2),
		.header_bytes = (uint8_t)((bytes[0] & 15) * 4),
		.proto = bytes[9],
		.ttl = bytes[8],
		.tos = bytes[1],
		.is_fragment = (fragment & (IPV4_MORE_FRAGMENTS | IPV4_FRAGMENT_OFFSET)) != 0,
		.is_first = (fragment & IPV4_FRAGMENT_OFFSET) == 0,
	};
	return h->total_bytes >= h->header_bytes;
}

uint8_t ipv4_ttl(const struct ip_meta *meta)
{
	if (meta->ttl != 0)
		return meta->ttl;
	return !inet_is_minimal && ipv4_is_group(ip_addr_v4(&meta->dst)) ? IPV4_TTL_GROUP
									 : IPV4_TTL_DEFAULT;
}

HOT(output)
inline void ipv4_header_emit(const struct ip_meta *meta, uint8_t ttl, uint16_t total_bytes,
			     uint32_t fragment, uint8_t *out)
{
	/* In memory order, in which the addresses are. */
	const uint32_t first = __builtin_bswap32((uint32_t)IPV4_VERSION_AND_LENGTH << 24 |
						 (uint32_t)meta->tos << 16 | total_bytes),
		       third = ttl | (uint32_t)meta->proto << 8, src = meta->src.word[INET_V4_WORD],
		       dst = meta->dst.word[INET_V4_WORD];
	/* In 64 bits, in which nothing can be carried out. */
	uint64_t sum = (uint64_t)first + fragment + third + src + dst;
	uint16_t check = csum_fold(csum_add_word((uint32_t)sum, (uint32_t)(sum >> 32)));
	store_le32(out, first);
	store_le32(out + 4, fragment);
	store_le32(out + 8, third | (uint32_t)check << 16);
	store_le32(out + 12, src);
	store_le32(out + 16, dst);
}

void ipv4_header_emit_checksum(uint8_t *header)
{
	store_be16(header + 10, 0);
	csum_store(header + 10, csum_fold(csum_add(0, header, (header[0] & 15) * 4u)));
}
