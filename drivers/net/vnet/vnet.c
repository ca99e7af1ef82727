/* SPDX-License-Identifier: ISC */
#include "drivers/net/vnet/vnet.h"

#include <string.h>

#include "base/bytes.h"

enum {
	ETH_TYPE = 12, /* offset */
	ETH_TYPE_IPV4 = 0x0800,
	ETH_TYPE_IPV6 = 0x86dd,
	IP = VNET_ETH_HEADER_BYTES,
	IPV4_BYTES = 20,
	IPV4_FRAGMENT = IP + 6,    /* offset of flags and fragment offset … */
	IPV4_IS_FRAGMENT = 0x3fff, /* … and what is set in a fragment: MF, or an offset */
	IPV4_PROTO = IP + 9,
	IPV6_BYTES = 40,
	IPV6_NEXT = IP + 6,
	TCP = 6,
	TCP_BYTES = 20,
};

/* --- sending --------------------------------------------------------------------------------- */

static void emit_gso(uint8_t *header, const struct pkt *p)
{
	/* Section 5.1.6.2: segments need checksums of their own. */
	assert((p->flags & PKT_CSUM_PARTIAL) != 0 && p->gso_bytes > 0 && p->gso_header <= p->len);
	header[VNET_GSO_TYPE] = (p->flags & PKT_GSO_TCP6) != 0 ? VNET_GSO_TCPV6 : VNET_GSO_TCPV4;
	store_le16(header + VNET_LEN, p->gso_header);
	store_le16(header + VNET_GSO_SIZE, p->gso_bytes);
}

void vnet_emit(uint8_t header[static VNET_BYTES_SHORT], const struct pkt *p)
{
	memset(header, 0, VNET_BYTES_SHORT);
	if ((p->flags & PKT_CSUM_PARTIAL) != 0) {
		assert((uint32_t)p->csum_start + p->csum_offset + 2 <= p->len);
		header[VNET_FLAGS] = VNET_F_NEEDS_CSUM;
		store_le16(header + VNET_CSUM_START, p->csum_start);
		store_le16(header + VNET_CSUM_OFFSET, p->csum_offset);
	}
	if ((p->flags & (PKT_GSO_TCP4 | PKT_GSO_TCP6)) != 0)
		emit_gso(header, p);
}

/* --- receiving ------------------------------------------------------------------------------- */

static bool is_tcp_over_ipv4(const struct pkt *p)
{
	const uint8_t *frame = p->data;

	if (p->len < IP + IPV4_BYTES + TCP_BYTES || load_be16(frame + ETH_TYPE) != ETH_TYPE_IPV4 ||
	    frame[IP] >> 4 != 4)
		return false;
	uint32_t header = (frame[IP] & 0x0fu) * 4;
	return header >= IPV4_BYTES && p->len >= IP + header + TCP_BYTES &&
	       (load_be16(frame + IPV4_FRAGMENT) & IPV4_IS_FRAGMENT) == 0 &&
	       frame[IPV4_PROTO] == TCP;
}

/* Without extension headers: what has any is not coalesced by anybody we know. */
static bool is_tcp_over_ipv6(const struct pkt *p)
{
	const uint8_t *frame = p->data;

	return p->len >= IP + IPV6_BYTES + TCP_BYTES &&
	       load_be16(frame + ETH_TYPE) == ETH_TYPE_IPV6 && frame[IP] >> 4 == 6 &&
	       frame[IPV6_NEXT] == TCP;
}

static bool is_coalesced(const uint8_t *header, const struct pkt *p)
{
	/* Segments that were put together have no checksum of the whole. */
	if ((header[VNET_FLAGS] & VNET_F_NEEDS_CSUM) == 0 || load_le16(header + VNET_GSO_SIZE) == 0)
		return false;
	switch (header[VNET_GSO_TYPE] & ~VNET_GSO_ECN) {
	case VNET_GSO_TCPV4:
		return is_tcp_over_ipv4(p);
	case VNET_GSO_TCPV6:
		return is_tcp_over_ipv6(p);
	default:
		return false;
	}
}

/* Whether the field that is said to hold half a checksum lies in the frame, behind the link's. */
static bool has_csum_field(const uint8_t *header, const struct pkt *p)
{
	uint32_t start = load_le16(header + VNET_CSUM_START);

	return start >= VNET_ETH_HEADER_BYTES &&
	       start + load_le16(header + VNET_CSUM_OFFSET) + 2u <= p->len;
}

enum vnet_kind vnet_parse(const uint8_t header[static VNET_BYTES_SHORT], struct pkt *p,
			  uint32_t features)
{
	uint8_t flags = header[VNET_FLAGS];

	p->flags = 0;
	if ((features & NETIF_CSUM_RX) != 0) {
		if ((flags & VNET_F_NEEDS_CSUM) != 0 && !has_csum_field(header, p))
			return VNET_MALFORMED;
		/* NEEDS_CSUM: it never was on a wire, its checksum is not even complete.
		 * DATA_VALID: the device checked it. */
		if ((flags & (VNET_F_NEEDS_CSUM | VNET_F_DATA_VALID)) != 0)
			p->flags = PKT_CSUM_OK;
	}
	if (header[VNET_GSO_TYPE] == VNET_GSO_NONE)
		return VNET_FRAME;
	return (features & NETIF_COALESCE) != 0 && is_coalesced(header, p) ? VNET_COALESCED
									   : VNET_MALFORMED;
}
