/* SPDX-License-Identifier: ISC */
#include "net/ndp/ndp_msg.h"

#include <string.h>

#include "net/eth/eth.h"

/* Bytes in front of the options, or 0 for a message of another protocol. */
static size_t fixed_bytes(uint8_t type)
{
	switch (type) {
	case NDP_ROUTER_SOLICITATION:
		return NDP_RS_BYTES;
	case NDP_ROUTER_ADVERTISEMENT:
		return NDP_RA_BYTES;
	case NDP_NEIGHBOR_SOLICITATION:
	case NDP_NEIGHBOR_ADVERTISEMENT:
		return NDP_NEIGHBOR_BYTES;
	case NDP_REDIRECT:
		return NDP_REDIRECT_BYTES;
	default:
		return 0;
	}
}

/* Where the option ends that begins at `at`, or 0 if it is none (RFC 4861 section 4.6). */
static size_t option_bytes(const uint8_t *at, size_t left)
{
	size_t len = left >= NDP_OPTION_UNIT ? at[1] * (size_t)NDP_OPTION_UNIT : 0;
	return len <= left ? len : 0;
}

bool ndp_msg_check(const uint8_t *msg, size_t len)
{
	size_t fixed = fixed_bytes(msg[0]);
	if (fixed == 0 || len < fixed || msg[1] != 0)
		return false;
	for (size_t at = fixed; at < len;) {
		size_t n = option_bytes(msg + at, len - at);
		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

struct ndp_options ndp_msg_options(const uint8_t *msg, size_t len)
{
	size_t fixed = fixed_bytes(msg[0]);
	return (struct ndp_options){.next = msg + fixed, .left = len - fixed};
}

bool ndp_option_next(struct ndp_options *options, struct ndp_option *out)
{
	if (options->left == 0)
		return false;
	size_t len = option_bytes(options->next, options->left);
	*out = (struct ndp_option){.bytes = options->next, .len = len, .type = options->next[0]};
	options->next += len;
	options->left -= len;
	return true;
}

struct ndp_option ndp_msg_option(const uint8_t *msg, size_t len, uint8_t type, size_t min)
{
	struct ndp_options options = ndp_msg_options(msg, len);
	struct ndp_option o;
	while (ndp_option_next(&options, &o)) {
		if (o.type == type && o.len >= min)
			return o;
	}
	return (struct ndp_option){0};
}

const uint8_t *ndp_msg_mac(const uint8_t *msg, size_t len, uint8_t type)
{
	static const uint8_t none[ETH_ADDR_BYTES];
	struct ndp_option o = ndp_msg_option(msg, len, type, NDP_OPTION_UNIT);
	if (o.bytes == NULL)
		return NULL;
	const uint8_t *mac = o.bytes + NDP_OPTION_HEADER;
	return eth_addr_is_group(mac) || eth_addr_equal(mac, none) ? NULL : mac;
}

void ndp_option_emit(uint8_t *out, uint8_t type, const uint8_t value[NDP_NONCE_BYTES])
{
	out[0] = type;
	out[1] = 1;
	memcpy(out + NDP_OPTION_HEADER, value, NDP_NONCE_BYTES);
}
