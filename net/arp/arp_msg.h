/* SPDX-License-Identifier: ISC */
/*
 * The ARP message for IPv4 over Ethernet (RFC 826 "Packet format"): parsed and emitted. Values,
 * and hardware addresses that are borrowed; internal to net/arp.
 */
#ifndef NET_ARP_ARP_MSG_H
#define NET_ARP_ARP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/eth/eth.h"

enum {
	ARP_MSG_BYTES = 28,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

struct arp_msg {
	uint16_t op;
	const uint8_t *sender_mac;
	const uint8_t *target_mac; /* NULL, to emit: zeros */
	uint32_t sender, target;   /* host order */
};

/*
 * False if the bytes are no request or reply, or the sender's hardware address is no station's. The
 * message points into them.
 */
MUST_USE bool arp_msg_parse(struct arp_msg *m, const uint8_t *bytes, size_t len);

/* Writes ARP_MSG_BYTES bytes. */
void arp_msg_emit(const struct arp_msg *m, uint8_t *out);

#endif
