/* SPDX-License-Identifier: ISC */
/*
 * What a configuration consists of: descriptors, one behind the other, as the device has them. No
 * I/O.
 */
#include "drivers/usb/core/usb.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	/* Endpoint descriptors: table 9-13. Offsets behind length and type. */
	ENDPOINT_BYTES = 5,
	ENDPOINT_ADDRESS = 0,
	ENDPOINT_TYPE = 1,
	ENDPOINT_PACKET = 2,
	ENDPOINT_ADDRESS_BITS = USB_IN | 0xf,
	ENDPOINT_TYPE_BITS = 3,
	ENDPOINT_PACKET_BITS = 0x7ff,

	/* Sections 5.8.3 and 5.7.3; of those for interrupts, what fits a line. */
	BULK_PACKET_MIN = 8,
	BULK_PACKET_MAX = 512,
	INTERRUPT_PACKET_MAX = CACHE_LINE_BYTES,
};

const uint8_t *usb_next_descriptor(struct cursor *c, uint8_t *type, size_t *len)
{
	uint8_t length = cursor_u8(c);

	*type = cursor_u8(c);
	if (length < USB_HEADER_BYTES)
		return NULL;
	*len = length - (size_t)USB_HEADER_BYTES;
	return cursor_bytes(c, *len);
}

static bool is_packet(enum usb_type type, uint16_t bytes)
{
	if (type == USB_TYPE_BULK)
		return bytes >= BULK_PACKET_MIN && bytes <= BULK_PACKET_MAX &&
		       (bytes & (bytes - 1)) == 0;
	return type == USB_TYPE_INTERRUPT && bytes > 0 && bytes <= INTERRUPT_PACKET_MAX;
}

bool usb_endpoint_read(struct usb_endpoint *e, const uint8_t *bytes, size_t len)
{
	if (len < ENDPOINT_BYTES)
		return false;
	e->address = bytes[ENDPOINT_ADDRESS] & ENDPOINT_ADDRESS_BITS;
	e->type = bytes[ENDPOINT_TYPE] & ENDPOINT_TYPE_BITS;
	e->packet_bytes = load_le16(&bytes[ENDPOINT_PACKET]) & ENDPOINT_PACKET_BITS;
	/* The control endpoint is no other one. */
	return (e->address & ~USB_IN) != 0 && is_packet((enum usb_type)e->type, e->packet_bytes);
}
