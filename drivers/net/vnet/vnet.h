/* SPDX-License-Identifier: ISC */
/*
 * The offload header of virtio network devices and of Linux's tap devices: what a device is to do
 * to a frame that is sent, and what it says of one that it has received.
 *
 * Two functions without state, for the drivers of both. The header of a received frame is as
 * untrusted as the frame: lengths and offsets are checked against the frame itself, and what a
 * device calls coalesced segments must be TCP by its headers, since it goes on as a run of packets
 * (base/pkt.h), which only TCP understands. Section numbers are those of virtio, version 1.2.
 */
#ifndef DRIVERS_NET_VNET_VNET_H
#define DRIVERS_NET_VNET_VNET_H

#include <stdint.h>

#include "base/pkt.h"
#include "drivers/net/vnet/vnet_regs.h"
#include "hal/netif.h"

enum {
	VNET_ETH_HEADER_BYTES = 14,
	/* The longest frame that is coalesced, or to be cut: one IP packet of 65,535 bytes. */
	VNET_FRAME_MAX = VNET_ETH_HEADER_BYTES + 65535,
	/* TCP payload such that IPv4 or IPv6 with the longest headers stays below that. */
	VNET_TSO_BYTES = 65535 - 60 - 60,
	/* So many bytes of a coalesced frame, all its headers, lie in its first buffer. */
	VNET_FIRST_MIN = VNET_ETH_HEADER_BYTES + 60 + 60,
};

/* Packets with `room` bytes each that the longest coalesced frame fills. */
#define VNET_RUN_PACKETS(room) ((VNET_FRAME_MAX + (uint32_t)(room)-1) / (uint32_t)(room))

/*
 * Whether a device may be asked to coalesce into packets of `pool`, with `room` bytes for a frame
 * in each: there must be enough for two of the longest frames with the device, and for a connection
 * to hold one, who leaves as many to others, and a quarter of the pool (net/tcp/recv.c). With
 * fewer, what was coalesced would be refused in part and sent again.
 */
static inline bool vnet_may_coalesce(const struct pkt_pool *pool, uint32_t room)
{
	return pool->pool.count / 4 * 3 >= 4 * VNET_RUN_PACKETS(room);
}

enum vnet_kind {
	VNET_MALFORMED, /* the header cannot be true */
	VNET_FRAME,     /* as it was on the wire */
	VNET_COALESCED, /* TCP segments in one; its checksum is good */
};

/*
 * Writes the first VNET_BYTES_SHORT bytes of the header for `p`, a whole frame to send, from what
 * its layers asked for (section 5.1.6.2). Asserts that this is consistent.
 */
void vnet_emit(uint8_t header[static VNET_BYTES_SHORT], const struct pkt *p);

/*
 * Checks the header of a received frame, `p`, whose first piece may be all of it or not, and sets
 * p->flags. `features` are the interface's (enum netif_feature): without NETIF_CSUM_RX what it
 * says of checksums means nothing, and without NETIF_COALESCE nothing may be coalesced (sections
 * 5.1.6.4.1 and 5.1.6.4.2).
 */
enum vnet_kind vnet_parse(const uint8_t header[static VNET_BYTES_SHORT], struct pkt *p,
			  uint32_t features);

#endif
