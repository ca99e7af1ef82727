/* SPDX-License-Identifier: ISC */
#include "net/dhcpv6/dhcpv6_msg.h"

#include <string.h>

#include "base/assert.h"
#include "base/cursor.h"
#include "base/text.h"

enum {
	MESSAGE_REPLY = 7,
	MESSAGE_INFORMATION_REQUEST = 11,

	OPTION_CLIENTID = 1,
	OPTION_SERVERID = 2,
	OPTION_ORO = 6,
	OPTION_ELAPSED_TIME = 8,
	OPTION_STATUS_CODE = 13,
	OPTION_DNS_SERVERS = 23, /* RFC 3646 */
	OPTION_DOMAIN_LIST = 24,
	OPTION_SNTP_SERVERS = 31, /* RFC 4075 */
	OPTION_INFORMATION_REFRESH_TIME = 32,
	OPTION_NTP_SERVER = 56, /* RFC 5908 */
	OPTION_INF_MAX_RT = 83,
	NTP_SUBOPTION_SRV_ADDR = 1,

	DUID_LL = 3, /* section 11.4 */
	DUID_BYTES = 10,
	HARDWARE_ETHERNET = 1,
	ADDR_BYTES = 16,
	LABEL_MAX = 63,
	INF_MAX_RT_MIN_S = 60, /* section 21.25 */
	INF_MAX_RT_MAX_S = 86400,
};

/* --- writing --------------------------------------------------------------------------------- */

static uint8_t *put_u16(uint8_t *at, uint16_t value)
{
	store_be16(at, value);
	return at + 2;
}

/* Of the Ethernet address: the same at each start, without anything to be kept. */
static void make_duid(uint8_t out[DUID_BYTES], const uint8_t mac[6])
{
	out = put_u16(out, DUID_LL);
	out = put_u16(out, HARDWARE_ETHERNET);
	memcpy(out, mac, 6);
}

void dhcpv6_request_emit(uint8_t *out, uint32_t xid, const uint8_t mac[6], uint16_t elapsed_cs)
{
	static const uint16_t wanted[] = {
		OPTION_DNS_SERVERS,  OPTION_DOMAIN_LIST,
		OPTION_SNTP_SERVERS, OPTION_INFORMATION_REFRESH_TIME,
		OPTION_NTP_SERVER,   OPTION_INF_MAX_RT,
	};
	uint8_t *at = out;

	store_be32(at, (uint32_t)MESSAGE_INFORMATION_REQUEST << 24 | xid);
	at = put_u16(at + 4, OPTION_CLIENTID);
	at = put_u16(at, DUID_BYTES);
	make_duid(at, mac);
	at = put_u16(at + DUID_BYTES, OPTION_ELAPSED_TIME);
	at = put_u16(at, sizeof(elapsed_cs));
	at = put_u16(at, elapsed_cs);
	at = put_u16(at, OPTION_ORO);
	at = put_u16(at, sizeof(wanted));
	for (unsigned i = 0; i < ARRAY_SIZE(wanted); i++)
		at = put_u16(at, wanted[i]);
	assert(at == out + DHCPV6_REQUEST_BYTES);
}

/* --- reading --------------------------------------------------------------------------------- */

/* An address that a host can have: no group, not unspecified, loopback or IPv4-mapped. */
static bool is_host(const struct ip_addr *a)
{
	bool high_is_zero = a->word[0] == 0 && a->word[1] == 0;
	return !high_is_zero && *(const uint8_t *)a != 0xff;
}

static void add_addr(struct dhcpv6_addrs *list, const uint8_t *bytes)
{
	struct ip_addr a;
	memcpy(&a, bytes, sizeof(a));
	if (list->n < DHCPV6_ADDRS_MAX && is_host(&a))
		list->addr[list->n++] = a;
}

static void read_addrs(struct dhcpv6_addrs *list, struct cursor c)
{
	if (c.left % ADDR_BYTES != 0)
		return;
	while (c.left > 0)
		add_addr(list, cursor_bytes(&c, ADDR_BYTES));
}

/* RFC 5908 section 4: of the servers those that are told by their addresses. */
static void read_ntp(struct dhcpv6_addrs *list, struct cursor c)
{
	while (c.left > 0) {
		uint16_t code = cursor_be16(&c);
		size_t len = cursor_be16(&c);
		const uint8_t *value = cursor_bytes(&c, len);
		if (value == NULL)
			return;
		if (code == NTP_SUBOPTION_SRV_ADDR && len == ADDR_BYTES)
			add_addr(list, value);
	}
}

/* The first name of a list, in labels as in DNS, never compressed (section 10). */
static void read_domain(char out[static DHCPV6_DOMAIN_CHARS], struct cursor c)
{
	size_t at = 0, len;
	while ((len = cursor_u8(&c)) > 0) {
		const uint8_t *label = cursor_bytes(&c, len);
		bool fits = len <= LABEL_MAX && len + 2 <= DHCPV6_DOMAIN_CHARS - at;
		for (size_t i = 0; label != NULL && fits && i < len; i++)
			fits = text_is_name_char((char)label[i]);
		if (label == NULL || !fits) {
			out[0] = '\0';
			return;
		}
		if (at > 0)
			out[at++] = '.';
		memcpy(out + at, label, len);
		at += len;
	}
	out[cursor_ok(&c) ? at : 0] = '\0';
}

static uint32_t read_u32(struct cursor c)
{
	return c.left == 4 ? cursor_be32(&c) : 0;
}

static bool is_ours(struct cursor duid, const uint8_t mac[6])
{
	uint8_t own[DUID_BYTES];
	make_duid(own, mac);
	return duid.left == sizeof(own) && memcmp(duid.next, own, sizeof(own)) == 0;
}

/* What must be there, and must not. */
struct seen {
	bool client, server, failure;
};

static void read_option(struct dhcpv6_reply *r, struct seen *seen, uint16_t code, struct cursor c,
			const uint8_t mac[6])
{
	switch (code) {
	case OPTION_CLIENTID:
		seen->client = is_ours(c, mac);
		break;
	case OPTION_SERVERID:
		seen->server = c.left > 2;
		break;
	case OPTION_STATUS_CODE:
		seen->failure = cursor_be16(&c) != 0;
		break;
	case OPTION_DNS_SERVERS:
		read_addrs(&r->dns, c);
		break;
	case OPTION_DOMAIN_LIST:
		read_domain(r->domain, c);
		break;
	case OPTION_NTP_SERVER:
		read_ntp(&r->ntp, c);
		break;
	case OPTION_SNTP_SERVERS:
		read_addrs(&r->ntp, c);
		break;
	case OPTION_INFORMATION_REFRESH_TIME:
		r->refresh_s = read_u32(c);
		break;
	case OPTION_INF_MAX_RT:
		r->max_wait_s = read_u32(c);
		if (r->max_wait_s < INF_MAX_RT_MIN_S || r->max_wait_s > INF_MAX_RT_MAX_S)
			r->max_wait_s = 0;
		break;
	default:
		break;
	}
}

bool dhcpv6_reply_parse(struct dhcpv6_reply *r, const uint8_t *bytes, size_t len,
			const uint8_t mac[6])
{
	struct cursor c = cursor_over(bytes, len);
	struct seen seen = {0};
	uint32_t first = cursor_be32(&c);

	*r = (struct dhcpv6_reply){.xid = first & 0xffffff};
	if (first >> 24 != MESSAGE_REPLY)
		return false;
	while (c.left > 0) {
		uint16_t code = cursor_be16(&c);
		size_t option_bytes = cursor_be16(&c);
		const uint8_t *value = cursor_bytes(&c, option_bytes);
		if (value == NULL)
			return false;
		read_option(r, &seen, code, cursor_over(value, option_bytes), mac);
	}
	return cursor_ok(&c) && seen.client && seen.server && !seen.failure;
}
