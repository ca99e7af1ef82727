/* SPDX-License-Identifier: ISC */
/*
 * Messages of Neighbor Discovery (RFC 4861 section 4) and their options: checked, parsed, emitted.
 * Values only; internal to net/ndp.
 *
 * ndp_msg_check() makes sure that a message has its fixed part and whole options of a length that
 * is not zero; ndp_option_next() then goes through the options and cannot fail.
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

struct ndp_option {
	const uint8_t *bytes; /* of the whole option, borrowed from the message */
	size_t len;           /* a multiple of NDP_OPTION_UNIT, not 0 */
	uint8_t type;
};

/* The options of a message that ndp_msg_check() has passed. */
struct ndp_options {
	const uint8_t *next;
	size_t left;
};

/* True if `len` bytes, of which four at least are there, are a message whose parts are all there.
 */
MUST_USE bool ndp_msg_check(const uint8_t *msg, size_t len);

/* The options of a message that has passed. */
struct ndp_options ndp_msg_options(const uint8_t *msg, size_t len);

/* The next option; false at the end. */
bool ndp_option_next(struct ndp_options *options, struct ndp_option *out);

/* The Ethernet address in the first option of `type`, or NULL if it has none that a station has. */
const uint8_t *ndp_msg_mac(const uint8_t *msg, size_t len, uint8_t type);

/* The first option of `type` with `min` bytes at least, or one with bytes NULL. */
struct ndp_option ndp_msg_option(const uint8_t *msg, size_t len, uint8_t type, size_t min);

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
