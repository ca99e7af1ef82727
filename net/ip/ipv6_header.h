/* SPDX-License-Identifier: ISC */
/*
 * The header of IPv6 (RFC 8200 section 3): parsed and emitted. Values only; no context.
 */
#ifndef NET_IP_IPV6_HEADER_H
#define NET_IP_IPV6_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/ip/ip.h"

enum {
	IPV6_HEADER_BYTES = 40,
	IPV6_MTU_MIN = 1280, /* section 5: of every link */
	IPV6_HOP_LIMIT_DEFAULT = 64,
	IPV6_NEXT_HEADER_AT = 6, /* offset of the field in the header */
};

/* Values of the field Next Header that are no transport's. */
enum ipv6_next {
	IPV6_HOP_BY_HOP = 0,
	IPV6_ROUTING = 43,
	IPV6_FRAGMENT = 44,
	IPV6_NO_NEXT_HEADER = 59,
	IPV6_DESTINATION_OPTIONS = 60,
};

struct ipv6_header {
	struct ip_meta meta; /* its protocol is the next header, whatever that is */
	uint16_t payload_bytes;
};

/*
 * Reads the header at the front of `len` bytes. False if it is not a whole header of version 6.
 * Does not check that the payload is there.
 */
MUST_USE bool ipv6_header_parse(struct ipv6_header *h, const uint8_t *bytes, size_t len);

/* Writes the header of a packet to meta->dst, 40 bytes: next header meta->proto, flow label 0. */
void ipv6_header_emit(const struct ip_meta *meta, uint16_t payload_bytes, uint8_t *out);

#endif
