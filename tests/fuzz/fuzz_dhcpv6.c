/* SPDX-License-Identifier: ISC */
/*
 * What servers say to a stateless client of DHCPv6. The input is a whole message, or with an odd
 * first byte the options behind a client's and a server's identifier, which are then right.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/dhcpv6/dhcpv6_msg.h"

enum { MESSAGE_MAX = 1400, HEAD_BYTES = 32 };

static const uint8_t head[HEAD_BYTES] = {
	7, 1, 2, 3, 0, 1,  0, 10, 0, 3, 0, 1, 2, 0, 0, 0,
	0, 1, 0, 2, 0, 10, 0, 3,  0, 1, 2, 0, 0, 0, 0, 2,
};
static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

static void check_addrs(const struct dhcpv6_addrs *list)
{
	assert(list->n <= DHCPV6_ADDRS_MAX);
	for (unsigned i = 0; i < list->n; i++)
		assert(list->addr[i].word[0] != 0 || list->addr[i].word[1] != 0);
}

static void check(const struct dhcpv6_reply *r)
{
	assert(r->xid <= 0xffffff);
	check_addrs(&r->dns);
	check_addrs(&r->ntp);
	assert(strnlen(r->domain, sizeof(r->domain)) < sizeof(r->domain));
	assert(r->max_wait_s == 0 || (r->max_wait_s >= 60 && r->max_wait_s <= 86400));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static uint8_t message[HEAD_BYTES + MESSAGE_MAX];
	struct dhcpv6_reply r;

	if (len == 0 || len > MESSAGE_MAX)
		return 0;
	bool whole = (bytes[0] & 1) == 0;
	size_t before = whole ? 0 : HEAD_BYTES;
	memcpy(message, head, before);
	memcpy(message + before, bytes + 1, len - 1);
	if (dhcpv6_reply_parse(&r, message, before + len - 1, mac))
		check(&r);
	return 0;
}
