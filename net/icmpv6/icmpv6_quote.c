/* SPDX-License-Identifier: ISC */
#include "net/icmpv6/icmpv6_quote.h"

#include "base/bytes.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"

enum { TRANSPORT_BYTES_MIN = 8 }; /* ports and sequence number */

static enum err error_of(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMPV6_UNREACHABLE:
		return code == ICMPV6_CODE_PORT ? ERR_REFUSED : ERR_UNREACHABLE;
	case ICMPV6_PARAMETER_PROBLEM:
		return code == IPV6_PROBLEM_NEXT_HEADER ? ERR_REFUSED : ERR_INVALID;
	case ICMPV6_PACKET_TOO_BIG:
		return ERR_INVALID; /* what ip_output() says of a packet that is too long */
	default:
		return ERR_UNREACHABLE;
	}
}

/* RFC 8201 section 4: smaller than the packet, and not below what every link carries. */
static bool parse_mtu(uint16_t *mtu, const uint8_t *message, uint32_t packet_bytes)
{
	uint32_t value = load_be32(message + 4);
	*mtu = (uint16_t)value;
	return value >= IPV6_MTU_MIN && value < packet_bytes && value <= UINT16_MAX;
}

bool icmpv6_quote_parse(struct ip_quote *q, const uint8_t *message, size_t len)
{
	const uint8_t *packet = message + ICMP_HEADER_BYTES;
	struct ipv6_header h;
	struct ipv6_chain c;
	len -= ICMP_HEADER_BYTES;
	if (!ipv6_header_parse(&h, packet, len))
		return false;
	uint32_t packet_bytes = IPV6_HEADER_BYTES + (uint32_t)h.payload_bytes;
	len = MIN(len, packet_bytes);
	if (ipv6_chain_walk(&c, packet, len) != IPV6_ACCEPT || !c.is_first ||
	    len < c.bytes + (size_t)TRANSPORT_BYTES_MIN)
		return false;
	h.meta.proto = c.proto;
	*q = (struct ip_quote){
		.meta = h.meta,
		.transport = packet + c.bytes,
		.transport_bytes = (uint32_t)len - c.bytes,
		.error = error_of(message[0], message[1]),
	};
	return message[0] != ICMPV6_PACKET_TOO_BIG || parse_mtu(&q->mtu, message, packet_bytes);
}
