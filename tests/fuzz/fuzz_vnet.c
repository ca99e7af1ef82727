/* SPDX-License-Identifier: ISC */
/*
 * Any virtio header in front of any frame: a byte of the interface's features, the header, the
 * frame. What is believed must be true, and what we would ask of a device for such a frame must be
 * believed in turn.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "drivers/net/vnet/vnet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The header that a sender of this frame would write. */
static void check_answer(const struct pkt *received, const uint8_t *header)
{
	uint8_t ours[VNET_BYTES_SHORT];
	bool v6 = load_be16(received->data + 12) == 0x86dd;
	struct pkt p = {
		.data = received->data,
		.len = received->len,
		.flags = PKT_CSUM_PARTIAL | (v6 ? PKT_GSO_TCP6 : PKT_GSO_TCP4),
		.csum_start = load_le16(header + VNET_CSUM_START),
		.csum_offset = load_le16(header + VNET_CSUM_OFFSET),
		.gso_bytes = load_le16(header + VNET_GSO_SIZE),
		.gso_header = 54,
	};
	vnet_emit(ours, &p);
	assert(vnet_parse(ours, &p, NETIF_CSUM_RX | NETIF_COALESCE) == VNET_COALESCED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 1 + VNET_BYTES_SHORT)
		return 0;
	uint32_t features = bytes[0];
	const uint8_t *header = bytes + 1;
	len -= 1 + VNET_BYTES_SHORT;
	uint8_t *frame = malloc(len); /* of just the length, so that a look behind it is seen */
	assert(frame != NULL);
	memcpy(frame, header + VNET_BYTES_SHORT, len);
	struct pkt p = {.data = frame, .len = (uint32_t)len};
	enum vnet_kind kind = vnet_parse(header, &p, features);
	assert((p.flags & ~PKT_CSUM_OK) == 0);
	assert(p.flags == 0 || (features & NETIF_CSUM_RX) != 0);
	if (kind == VNET_COALESCED) {
		assert((features & NETIF_COALESCE) != 0 && len >= 54);
		assert(frame[14] >> 4 == 4 ? frame[23] == 6 : frame[20] == 6);
		if ((features & NETIF_CSUM_RX) != 0)
			check_answer(&p, header);
	}
	free(frame);
	return 0;
}
