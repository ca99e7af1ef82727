/* SPDX-License-Identifier: ISC */
/*
 * Messages of NTP (RFC 5905 section 7.3), as far as a simple client (RFC 4330) reads and writes
 * them. Values only; no context. All that a server says is hostile.
 */
#ifndef NET_SNTP_MSG_H
#define NET_SNTP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	SNTP_MSG_BYTES = 48, /* what follows (extensions, a digest) is not looked at */
	SNTP_VERSION = 4,
	SNTP_MODE_CLIENT = 3,
	SNTP_MODE_SERVER = 4,
	SNTP_LEAP_UNKNOWN = 3, /* the server does not know the time itself */
	SNTP_STRATUM_KISS = 0, /* the reference identifier is a kiss code (section 7.4) */
	SNTP_STRATUM_MAX = 15,
};

#define SNTP_KISS(A, B, C, D)                                                                      \
	((uint32_t)(A) << 24 | (uint32_t)(B) << 16 | (uint32_t)(C) << 8 | (uint32_t)(D))

/* Timestamps are in NTP's format: seconds, and their 2^32nd parts; 0: unknown. */
struct sntp_reply {
	uint8_t leap, version, mode, stratum;
	int8_t poll;              /* log2 of seconds */
	uint32_t root_delay;      /* of the server's way to the source of its time, s << 16 */
	uint32_t root_dispersion; /* the error that it reckons with, s << 16 */
	uint32_t reference;
	uint64_t originate; /* what the client sent as its time */
	uint64_t receive, transmit;
};

/*
 * Writes a request whose time, which the server sends back, is `nonce`: a random number tells
 * nobody our time, and shows that an answer is one to this request (RFC 5905 section 8). The
 * other fields, which a server does not need, are 0.
 */
void sntp_request_emit(uint64_t nonce, uint8_t out[static SNTP_MSG_BYTES]);

/* Reads a message; false if there is too little of it. Values are as they come. */
MUST_USE bool sntp_reply_parse(struct sntp_reply *r, const uint8_t *bytes, size_t len);

/*
 * Microseconds since 1970 of a timestamp that is not 0: one with the highest bit set lies between
 * 1968 and 2036, else between 2036 and 2104 (RFC 4330 section 3).
 */
int64_t sntp_unix_us(uint64_t timestamp);

#endif
