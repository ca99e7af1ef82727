/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/bytes.h"
#include "net/dhcp/dhcp_format.h"
#include "net/dhcp/dhcp_msg.h"

/* In the order of preference; 121 has to stand before 3 (RFC 3442). */
static const uint8_t parameters[] = {
	OPTION_MASK,  OPTION_ROUTES, OPTION_ROUTERS, OPTION_DNS, OPTION_DOMAIN,
	OPTION_LEASE, OPTION_T1,     OPTION_T2,      OPTION_NTP,
};

/* Each returns where the next option goes. */

static uint8_t *put(uint8_t *at, uint8_t code, const void *bytes, size_t len)
{
	*at++ = code;
	*at++ = (uint8_t)len;
	memcpy(at, bytes, len);
	return at + len;
}

static uint8_t *put_addr(uint8_t *at, uint8_t code, uint32_t addr)
{
	uint32_t ordered = __builtin_bswap32(addr);
	return addr != 0 ? put(at, code, &ordered, sizeof(ordered)) : at;
}

/* RFC 2132 section 9.14: the hardware type and address. */
static uint8_t *put_client(uint8_t *at, const uint8_t mac[6])
{
	*at++ = OPTION_CLIENT;
	*at++ = 1 + HLEN_ETHERNET;
	*at++ = HTYPE_ETHERNET;
	memcpy(at, mac, HLEN_ETHERNET);
	return at + HLEN_ETHERNET;
}

/* RFC 2131 table 5: what a DECLINE must not say. */
static uint8_t *put_wishes(uint8_t *at, const struct dhcp_request *r)
{
	uint16_t max_bytes = __builtin_bswap16(r->max_bytes);
	size_t hostname_len = strlen(r->hostname);

	at = put(at, OPTION_MAX_BYTES, &max_bytes, sizeof(max_bytes));
	at = put(at, OPTION_PARAMETERS, parameters, sizeof(parameters));
	return hostname_len > 0 ? put(at, OPTION_HOSTNAME, r->hostname, hostname_len) : at;
}

static void put_head(const struct dhcp_request *r, uint8_t *head)
{
	_Static_assert((int)DHCP_HEAD_BYTES == (int)DHCP_SNAME &&
			       DHCP_HEAD_BYTES + (int)DHCP_ZERO_BYTES == (int)DHCP_COOKIE,
		       "no names of a server and a file are in between");
	head[DHCP_OP] = BOOTREQUEST;
	head[DHCP_HTYPE] = HTYPE_ETHERNET;
	head[DHCP_HLEN] = HLEN_ETHERNET;
	store_be32(head + DHCP_XID, r->xid);
	store_be16(head + DHCP_SECS, r->secs);
	store_be32(head + DHCP_CIADDR, r->address);
	memcpy(head + DHCP_CHADDR, r->mac, HLEN_ETHERNET);
}

size_t dhcp_request_emit(const struct dhcp_request *r, uint8_t *head, uint8_t *tail)
{
	_Static_assert(DHCP_OPTIONS - DHCP_COOKIE + 3 + 9 + 6 + 6 + 4 + 2 + sizeof(parameters) + 2 +
				       DHCP_HOSTNAME_MAX + 1 <=
			       DHCP_TAIL_BYTES_MAX,
		       "with each option at its longest");
	put_head(r, head);
	store_be32(tail, DHCP_MAGIC);
	uint8_t *at = put(tail + DHCP_OPTIONS - DHCP_COOKIE, OPTION_TYPE, &r->type, 1);
	at = put_client(at, r->mac);
	at = put_addr(at, OPTION_REQUESTED, r->requested);
	at = put_addr(at, OPTION_SERVER, r->server);
	if (r->type != DHCP_DECLINE)
		at = put_wishes(at, r);
	*at++ = OPTION_END;
	return MAX((size_t)(at - tail), (size_t)DHCP_BYTES_MIN - DHCP_COOKIE);
}
