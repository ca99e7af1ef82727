/* SPDX-License-Identifier: ISC */
/*
 * What an ICMP error quotes: the header and first bytes of the packet that it is about, and what it
 * says of it (RFC 792, RFC 1191). Parsed from hostile bytes; internal to net/icmp.
 */
#ifndef NET_ICMP_ICMP_QUOTE_H
#define NET_ICMP_ICMP_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/ip/ip_bindings.h"

enum icmp_type {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
};

enum icmp_unreachable_code {
	ICMP_CODE_PROTOCOL = 2,
	ICMP_CODE_PORT = 3,
	ICMP_CODE_FRAGMENTATION_NEEDED = 4,
};

enum icmp_time_exceeded_code { ICMP_CODE_REASSEMBLY = 1 };

/* True for the types that quote a packet. */
static inline bool icmp_is_error(uint8_t type)
{
	return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETER_PROBLEM;
}

/*
 * Parses an error message, `len` bytes from the ICMP header on, at least ICMP_HEADER_BYTES. False
 * if the quotation is broken or too short, or its next-hop MTU is impossible (RFC 5927 section 7).
 */
MUST_USE bool icmp_quote_parse(struct ip_quote *q, const uint8_t *message, size_t len);

#endif
