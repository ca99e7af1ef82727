/* SPDX-License-Identifier: ISC */
/*
 * The options of an IPv4 header (RFC 791 section 3.1): hostile bytes that a host has no use for. Of
 * a packet that arrives they are checked and then skipped. Values only; no context.
 */
#ifndef NET_IPV4_IPV4_OPTIONS_H
#define NET_IPV4_IPV4_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Loose or strict: the sender chose the way (RFC 7126 sections 4.3 and 4.4). */
enum { IPV4_LOOSE_SOURCE_ROUTE = 131, IPV4_STRICT_SOURCE_ROUTE = 137 };

enum ipv4_options {
	IPV4_OPTIONS_HARMLESS,
	IPV4_OPTIONS_BAD, /* a length below 2 or beyond the header */
	IPV4_OPTIONS_FOUND,
};

/* Whether one of two types is among the `len` bytes behind the fixed part of a header. */
MUST_USE enum ipv4_options ipv4_options_find(const uint8_t *options, size_t len, uint8_t type,
					     uint8_t other);

#endif
