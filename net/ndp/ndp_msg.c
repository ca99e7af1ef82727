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

/* RFC 4861 section 4.6. */
const uint8_t *ndp_msg_options(const uint8_t *msg, size_t len)
{
	size_t fixed = fixed_bytes(msg[0]);
	if (fixed == 0 || len < fixed || msg[1] != 0)
		return NULL;
	for (size_t at = fixed; at < len;) {
		size_t n = len - at >= NDP_OPTION_UNIT ? ndp_option_bytes(msg + at) : 0;
		if (n == 0 || n > len - at)
			return NULL;
		at += n;
	}
	return msg + fixed;
}

const uint8_t *ndp_option_find(const uint8_t *options, const uint8_t *end, uint8_t type)
{
	for (const uint8_t *o = options; o < end; o += ndp_option_bytes(o)) {
		if (o[0] == type)
			return o;
	}
	return NULL;
}

const uint8_t *ndp_option_mac(const uint8_t *options, const uint8_t *end, uint8_t type)
{
	static const uint8_t none[ETH_ADDR_BYTES];
	const uint8_t *o = ndp_option_find(options, end, type);
	if (o == NULL)
		return NULL;
	const uint8_t *mac = o + NDP_OPTION_HEADER;
	return eth_addr_is_group(mac) || eth_addr_equal(mac, none) ? NULL : mac;
}

void ndp_option_emit(uint8_t *out, uint8_t type, const uint8_t value[NDP_NONCE_BYTES])
{
	out[0] = type;
	out[1] = 1;
	memcpy(out + NDP_OPTION_HEADER, value, NDP_NONCE_BYTES);
}
