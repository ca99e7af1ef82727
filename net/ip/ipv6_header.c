/* SPDX-License-Identifier: ISC */
#include "net/ip/ipv6_header.h"

#include "base/bytes.h"
#include "net/ip/ipv6_addr.h"

enum { VERSION = 6 };

bool ipv6_header_parse(struct ipv6_header *h, const uint8_t *bytes, size_t len)
{
	if (len < IPV6_HEADER_BYTES || bytes[0] >> 4 != VERSION)
		return false;
	*h = (struct ipv6_header){
		.meta = {.src = ipv6_addr_load(bytes + 8),
			 .dst = ipv6_addr_load(bytes + 24),
			 .proto = bytes[6],
			 .ttl = bytes[7],
			 .tos = (uint8_t)(load_be16(bytes) >> 4)},
		.payload_bytes = load_be16(bytes + 4),
	};
	return true;
}

/* RFC 1112 section 6.1 keeps what is sent to a group on the link unless it is told otherwise. */
static uint8_t hop_limit(const struct ip_meta *meta)
{
	if (meta->ttl != 0)
		return meta->ttl;
	return ipv6_addr_is_group(&meta->dst) ? 1 : IPV6_HOP_LIMIT_DEFAULT;
}

void ipv6_header_emit(const struct ip_meta *meta, uint16_t payload_bytes, uint8_t *out)
{
	store_be32(out, (uint32_t)VERSION << 28 | (uint32_t)meta->tos << 20);
	store_be16(out + 4, payload_bytes);
	out[6] = meta->proto;
	out[7] = hop_limit(meta);
	memcpy(out + 8, &meta->src, sizeof(meta->src));
	memcpy(out + 24, &meta->dst, sizeof(meta->dst));
}
