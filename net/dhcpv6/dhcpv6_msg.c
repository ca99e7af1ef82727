/* SPDX-License-Identifier: ISC */
#include "net/dhcpv6/dhcpv6_msg.h"

#include <string.h>

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

#define U16(value) (uint8_t)((value) >> 8), (uint8_t)(value)

/* Where things lie in a request. */
enum { CLIENT_ID = 4, DUID = 8, MAC = 12, ELAPSED_TIME = 18, ELAPSED = 22, ORO = 24 };

/* It, without what varies. The DUID is of the Ethernet address: the same at each start, without
 * anything to be kept. */
static const uint8_t request[DHCPV6_REQUEST_BYTES] = {[CLIENT_ID] = U16(OPTION_CLIENTID),
						      U16(DUID_BYTES),
						      U16(DUID_LL),
						      U16(HARDWARE_ETHERNET),
						      [ELAPSED_TIME] = U16(OPTION_ELAPSED_TIME),
						      U16(2),
						      U16(0),
						      [ORO] = U16(OPTION_ORO),
						      U16(12),
						      U16(OPTION_DNS_SERVERS),
						      U16(OPTION_DOMAIN_LIST),
						      U16(OPTION_SNTP_SERVERS),
						      U16(OPTION_INFORMATION_REFRESH_TIME),
						      U16(OPTION_NTP_SERVER),
						      U16(OPTION_INF_MAX_RT)};

void dhcpv6_request_emit(uint8_t *out, uint32_t xid, const uint8_t mac[6], uint16_t elapsed_cs)
{
	memcpy(out, request, sizeof(request));
	store_be32(out, (uint32_t)MESSAGE_INFORMATION_REQUEST << 24 | xid);
	memcpy(out + MAC, mac, 6);
	store_be16(out + ELAPSED, elapsed_cs);
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

/* The next of the options, or of those within one: its code; a failed cursor if it is cut off. */
static uint16_t next_option(struct cursor *c, struct cursor *value)
{
	uint16_t code = cursor_be16(c);
	value->left = cursor_be16(c);
	value->next = cursor_bytes(c, value->left);
	return code;
}

/* RFC 5908 section 4: of the servers those that are told by their addresses. */
static void read_ntp(struct dhcpv6_addrs *list, struct cursor c)
{
	struct cursor value;
	while (c.left > 0) {
		uint16_t code = next_option(&c, &value);
		if (cursor_ok(&c) && code == NTP_SUBOPTION_SRV_ADDR && value.left == ADDR_BYTES)
			add_addr(list, value.next);
	}
}

/* The first name of a list, in labels as in DNS, never compressed (section 10). */
static void read_domain(char out[static DHCPV6_DOMAIN_CHARS], struct cursor c)
{
	size_t at = 0;
	uint8_t len;
	while ((len = cursor_u8(&c)) > 0) {
		if (at > 0)
			out[at++] = '.';
		for (unsigned i = 0; i < len; i++) {
			char letter = (char)cursor_u8(&c);
			if (len > LABEL_MAX || at >= DHCPV6_DOMAIN_CHARS - 1 ||
			    !text_is_name_char(letter)) {
				out[0] = '\0';
				return;
			}
			out[at++] = letter;
		}
	}
	out[cursor_ok(&c) ? at : 0] = '\0';
}

static uint32_t read_u32(struct cursor c)
{
	return c.left == 4 ? cursor_be32(&c) : 0;
}

static bool is_ours(struct cursor duid, const uint8_t mac[6])
{
	return duid.left == DUID_BYTES && memcmp(duid.next, request + DUID, MAC - DUID) == 0 &&
	       memcmp(duid.next + MAC - DUID, mac, 6) == 0;
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
	struct cursor c = cursor_over(bytes, len), value;
	struct seen seen = {0};
	uint32_t first = cursor_be32(&c);

	*r = (struct dhcpv6_reply){.xid = first & 0xffffff};
	if (first >> 24 != MESSAGE_REPLY)
		return false;
	while (c.left > 0) {
		uint16_t code = next_option(&c, &value);
		if (!cursor_ok(&c))
			return false;
		read_option(r, &seen, code, value, mac);
	}
	return cursor_ok(&c) && seen.client && seen.server && !seen.failure;
}
