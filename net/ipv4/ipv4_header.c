/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4_header.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ipv4/ipv4.h"

enum { VERSION_AND_LENGTH = 0x45 /* version 4, five words */ };

/* Version 4 with a length that can be. Few packets get here. */
static bool is_with_options(uint8_t first, size_t len)
{
	size_t header_bytes = (first & 15) * 4u;
	return first >> 4 == 4 && header_bytes > IPV4_HEADER_BYTES && header_bytes <= len;
}

bool ipv4_header_parse(struct ipv4_header *h, const uint8_t *bytes, size_t len)
{
	if (len < IPV4_HEADER_BYTES ||
	    (bytes[0] != VERSION_AND_LENGTH && !is_with_options(bytes[0], len)))
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

/* RFC 1112 section 6.1: to a group no further than the link, unless told otherwise. */
static uint8_t default_ttl(const struct ip_meta *meta)
{
	return ip_addr_is_group(&meta->dst) ? IPV4_TTL_GROUP : IPV4_TTL_DEFAULT;
}

void ipv4_header_emit(const struct ip_meta *meta, uint16_t total_bytes, uint8_t *out)
{
	out[0] = VERSION_AND_LENGTH;
	out[1] = meta->tos;
	store_be16(out + 2, total_bytes);
	store_be16(out + 4, 0); /* with DF set it means nothing: RFC 6864 section 4.1 */
	store_be16(out + 6, IPV4_DONT_FRAGMENT);
	out[8] = meta->ttl != 0 ? meta->ttl : default_ttl(meta);
	out[9] = meta->proto;
	store_be16(out + 10, 0);
	store_be32(out + 12, ip_addr_v4(&meta->src));
	store_be32(out + 16, ip_addr_v4(&meta->dst));
	csum_store(out + 10, csum_fold(ipv4_header_sum(out)));
}

void ipv4_header_emit_checksum(uint8_t *header)
{
	store_be16(header + 10, 0);
	csum_store(header + 10, csum_fold(csum_add(0, header, (header[0] & 15) * 4u)));
}
