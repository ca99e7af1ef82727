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

enum ipv4_options {
	IPV4_OPTIONS_HARMLESS,
	IPV4_OPTIONS_BAD,          /* a length below 2 or beyond the header */
	IPV4_OPTIONS_SOURCE_ROUTED /* loose or strict: the sender chose the way (RFC 7126 4.3, 4.4)
				    */
};

/* What the `len` bytes behind the fixed part of a header hold. */
MUST_USE enum ipv4_options ipv4_options_check(const uint8_t *options, size_t len);

#endif
