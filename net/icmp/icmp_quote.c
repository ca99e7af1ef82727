/* SPDX-License-Identifier: ISC */
#include "net/icmp/icmp_quote.h"

#include "base/bytes.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4_header.h"

enum {
	TRANSPORT_BYTES_MIN = 8, /* RFC 792: "64 bits of data" */
	MTU_OF_OLD_ROUTERS = 576,
};

static enum err error_of(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP_TIME_EXCEEDED:
		return ERR_UNREACHABLE;
	case ICMP_PARAMETER_PROBLEM:
		return ERR_INVALID;
	default:
		break;
	}
	switch (code) {
	case ICMP_CODE_PROTOCOL:
	case ICMP_CODE_PORT:
		return ERR_REFUSED;
	case ICMP_CODE_FRAGMENTATION_NEEDED:
		return ERR_INVALID; /* what ip_output() says of a packet that is too long */
	default:
		return ERR_UNREACHABLE;
	}
}

/*
 * Fragmentation needed (RFC 1191 section 4): the next hop's MTU, smaller than the packet and not
 * below what every link carries. Routers older than that RFC leave it 0 (its section 5).
 */
static bool parse_mtu(uint16_t *mtu, const uint8_t *message, uint16_t packet_bytes)
{
	*mtu = load_be16(message + 6);
	if (*mtu == 0)
		*mtu = MTU_OF_OLD_ROUTERS;
	return *mtu >= IPV4_MTU_MIN && *mtu < packet_bytes;
}

bool icmp_quote_parse(struct ip_quote *q, const uint8_t *message, size_t len)
{
	const uint8_t *packet = message + ICMP_HEADER_BYTES;
	struct ipv4_header h;
	len -= ICMP_HEADER_BYTES;
	if (!ipv4_header_parse(&h, packet, len) || !h.is_first)
		return false;
	len = MIN(len, h.total_bytes);
	if (len < h.header_bytes + (size_t)TRANSPORT_BYTES_MIN)
		return false;
	*q = (struct ip_quote){
		.meta = {.src = ip_addr_from_v4(h.src),
			 .dst = ip_addr_from_v4(h.dst),
			 .proto = h.proto,
			 .ttl = h.ttl,
			 .tos = h.tos},
		.transport = packet + h.header_bytes,
		.transport_bytes = (uint32_t)len - h.header_bytes,
		.error = error_of(message[0], message[1]),
	};
	if (message[0] == ICMP_UNREACHABLE && message[1] == ICMP_CODE_FRAGMENTATION_NEEDED)
		return parse_mtu(&q->mtu, message, h.total_bytes);
	return true;
}
