/* SPDX-License-Identifier: ISC */
/*
 * Messages of DHCP (RFC 2131 section 2, options of RFC 2132), as a client reads and writes them.
 * Values only: no state, no context. All that a server says is hostile.
 */
#ifndef NET_DHCP_DHCP_MSG_H
#define NET_DHCP_DHCP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/inet.h"
#include "net/dhcp/dhcp_lease.h"

enum {
	DHCP_SERVER_PORT = 67,
	DHCP_CLIENT_PORT = 68,
	DHCP_HOSTNAME_MAX = 63, /* characters, RFC 1035 section 2.3.4 */
	/* A message as it is sent: its head, so many zeros, and its end. */
	DHCP_HEAD_BYTES = 44,
	DHCP_ZERO_BYTES = 192,
	DHCP_TAIL_BYTES_MAX = 112,
	DHCP_EMIT_BYTES_MAX = DHCP_HEAD_BYTES + DHCP_ZERO_BYTES + DHCP_TAIL_BYTES_MAX,
};

enum dhcp_type {
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
};

/* What a server says. A number that it does not say is 0. */
struct dhcp_reply {
	uint8_t type; /* DHCP_OFFER, DHCP_ACK or DHCP_NAK */
	uint32_t xid;
	uint32_t t1_s, t2_s;
	struct dhcp_lease lease; /* of an offer or acknowledgement; its server is not 0 */
};

/*
 * Reads the reply to the client with the Ethernet address `mac` in `len` bytes. Options may
 * continue in the fields file and sname (option 52) and come in parts (RFC 3396). False if it is
 * not a reply, not to us, malformed, or names no server. An option alone that is malformed counts
 * as not there.
 */
MUST_USE bool dhcp_reply_parse(struct dhcp_reply *r, const uint8_t *bytes, size_t len,
			       const uint8_t mac[6]);

/* What the client says. Addresses that are 0 are not said. */
struct dhcp_request {
	uint8_t type; /* DHCP_DISCOVER, DHCP_REQUEST or DHCP_DECLINE */
	uint32_t xid;
	uint16_t secs;        /* since it began to ask */
	uint32_t address;     /* of the client, in use (ciaddr) */
	uint32_t requested;   /* option 50 */
	uint32_t server;      /* option 54 */
	const uint8_t *mac;   /* six bytes */
	const char *hostname; /* at most DHCP_HOSTNAME_MAX characters; "" for none */
	uint16_t max_bytes;   /* of the longest IP packet that it can take, 576 at least */
};

/* Writes its head and its end to zeros, DHCP_HEAD_BYTES and DHCP_TAIL_BYTES_MAX of them; returns
 * the length of the latter. */
size_t dhcp_request_emit(const struct dhcp_request *r, uint8_t *head, uint8_t *tail);

#endif
