/* SPDX-License-Identifier: ISC */
/*
 * Messages of Neighbor Discovery (RFC 4861 section 4) and their options: checked, parsed, emitted.
 * Values only; internal to net/ndp.
 *
 * ndp_msg_options() makes sure that a message has its fixed part and whole options of a length that
 * is not zero; going through them cannot fail then.
 */
#ifndef NET_NDP_NDP_MSG_H
#define NET_NDP_NDP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/inet.h"

enum ndp_type {
	NDP_ROUTER_SOLICITATION = 133,
	NDP_ROUTER_ADVERTISEMENT = 134,
	NDP_NEIGHBOR_SOLICITATION = 135,
	NDP_NEIGHBOR_ADVERTISEMENT = 136,
	NDP_REDIRECT = 137,
};

enum ndp_option_type {
	NDP_OPTION_SOURCE = 1, /* link-layer address */
	NDP_OPTION_TARGET = 2, /* the same */
	NDP_OPTION_PREFIX = 3,
	NDP_OPTION_MTU = 5,
	NDP_OPTION_NONCE = 14, /* RFC 3971 section 5.3.2, RFC 7527 */
	NDP_OPTION_RDNSS = 25, /* RFC 8106 section 5.1 */
	NDP_OPTION_DNSSL = 31, /* section 5.2 */
};

enum {
	NDP_OPTION_UNIT = 8,     /* bytes that lengths of options count in */
	NDP_OPTION_HEADER = 2,   /* type and length */
	NDP_RS_BYTES = 8,        /* the fixed parts */
	NDP_RA_BYTES = 16,       /* … */
	NDP_NEIGHBOR_BYTES = 24, /* NS and NA */
	NDP_REDIRECT_BYTES = 40,
	NDP_PREFIX_BYTES = 32, /* of the whole option */
	NDP_NONCE_BYTES = 6,

	/* Flags in the fifth byte of an NA, the sixth of an RA, the fourth of a prefix option. */
	NDP_NA_ROUTER = 0x80,
	NDP_NA_SOLICITED = 0x40,
	NDP_NA_OVERRIDE = 0x20,
	NDP_PREFIX_ON_LINK = 0x80,
	NDP_PREFIX_AUTONOMOUS = 0x40,
};

/* Seconds that mean for ever (RFC 4861 section 4.6.2). */
#define NDP_FOREVER_S UINT32_MAX

/*
 * The options of a message of `len` bytes, of which four at least are there, up to its end; NULL if
 * its parts are not all there.
 */
MUST_USE const uint8_t *ndp_msg_options(const uint8_t *msg, size_t len);

/* Bytes of an option of a message that has passed: a multiple of NDP_OPTION_UNIT, not 0. The next
 * one is behind it. */
static inline size_t ndp_option_bytes(const uint8_t *option)
{
	return option[1] * (size_t)NDP_OPTION_UNIT;
}

/* The first of the options up to `end` that is of `type`, or NULL. */
const uint8_t *ndp_option_find(const uint8_t *options, const uint8_t *end, uint8_t type);

/* The Ethernet address in the first option of `type`, or NULL if it has none that a station has. */
const uint8_t *ndp_option_mac(const uint8_t *options, const uint8_t *end, uint8_t type);

/* Writes an option with an Ethernet address or a nonce: NDP_OPTION_UNIT bytes. */
void ndp_option_emit(uint8_t *out, uint8_t type, const uint8_t value[NDP_NONCE_BYTES]);

/* The target of NS, NA or Redirect. */
static inline struct ip_addr ndp_msg_target(const uint8_t *msg)
{
	struct ip_addr a;
	memcpy(&a, msg + 8, sizeof(a));
	return a;
}

#endif
