/* SPDX-License-Identifier: ISC */
/*
 * What an ICMPv6 error quotes: the header and first bytes of the packet that it is about, and what
 * it says of it (RFC 4443 section 3). Parsed from hostile bytes; internal to net/icmpv6.
 */
#ifndef NET_ICMPV6_ICMPV6_QUOTE_H
#define NET_ICMPV6_ICMPV6_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/ip/ip_bindings.h"

enum icmpv6_type {
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PACKET_TOO_BIG = 2,
	ICMPV6_TIME_EXCEEDED = 3,
	ICMPV6_PARAMETER_PROBLEM = 4,
	ICMPV6_ERRORS_END = 128, /* those below quote a packet (section 2.1) */
	ICMPV6_ECHO = 128,
	ICMPV6_ECHO_REPLY = 129,
};

enum { ICMPV6_CODE_PORT = 4 };       /* of Destination Unreachable */
enum { ICMPV6_CODE_REASSEMBLY = 1 }; /* of Time Exceeded */

/*
 * Parses an error message, `len` bytes from the ICMPv6 header on, at least ICMP_HEADER_BYTES.
 * False if the quotation is broken or too short, or its MTU impossible (RFC 8201 section 4).
 */
MUST_USE bool icmpv6_quote_parse(struct ip_quote *q, const uint8_t *message, size_t len);

#endif
