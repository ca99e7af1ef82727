/* SPDX-License-Identifier: ISC */
/*
 * Messages of DHCPv6 (RFC 8415 sections 7.3, 8 and 21), as a stateless client reads and writes
 * them. Values only: no state, no context. All that a server says is hostile.
 */
#ifndef NET_DHCPV6_DHCPV6_MSG_H
#define NET_DHCPV6_DHCPV6_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/inet.h"

enum {
	DHCPV6_CLIENT_PORT = 546,
	DHCPV6_SERVER_PORT = 547,
	DHCPV6_ADDRS_MAX = 3,      /* servers of one kind that are kept */
	DHCPV6_DOMAIN_CHARS = 128, /* with the NUL; longer names are left out */
	DHCPV6_REQUEST_BYTES = 40,
};

/* Addresses of hosts: unicast, and not IPv4's. */
struct dhcpv6_addrs {
	unsigned n;
	struct ip_addr addr[DHCPV6_ADDRS_MAX];
};

/* What a server says. A number that it does not say is 0. */
struct dhcpv6_reply {
	uint32_t xid;
	struct dhcpv6_addrs dns, ntp;
	char domain[DHCPV6_DOMAIN_CHARS]; /* the first of the search list; "" if none was said */
	uint32_t refresh_s;               /* after which the client should ask again */
	uint32_t max_wait_s;              /* between two tries: INF_MAX_RT */
};

/*
 * Writes an INFORMATION-REQUEST with the transaction's number `xid`, 24 bits, of the client with
 * the Ethernet address `mac`, who began to ask `elapsed_cs` hundredths of a second ago, to `out`,
 * DHCPV6_REQUEST_BYTES long.
 */
void dhcpv6_request_emit(uint8_t *out, uint32_t xid, const uint8_t mac[6], uint16_t elapsed_cs);

/*
 * Reads the REPLY to the client with the Ethernet address `mac` in `len` bytes. False if it is not
 * one, not to us, malformed, names no server, or reports a failure (section 16.10). An option alone
 * whose contents are malformed counts as not there.
 */
MUST_USE bool dhcpv6_reply_parse(struct dhcpv6_reply *r, const uint8_t *bytes, size_t len,
				 const uint8_t mac[6]);

#endif
