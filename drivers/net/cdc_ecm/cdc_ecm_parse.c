/* SPDX-License-Identifier: ISC */
/*
 * What a configuration says, byte by byte: it is the device's word. No I/O.
 */
#include "base/cursor.h"
#include "drivers/net/cdc_ecm/cdc_ecm.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	/* Interface descriptors: USB 2.0, table 9-12. Offsets behind length and type. */
	INTERFACE_BYTES = 7,
	INTERFACE_NUMBER = 0,
	INTERFACE_SETTING = 1,
	INTERFACE_CLASS = 3,
	INTERFACE_SUBCLASS = 4,
	SUBCLASS_ETHERNET = 0x06, /* CDC 1.2, table 4 */

	/* Endpoint descriptors: table 9-13. */
	ENDPOINT_BYTES = 5,
	ENDPOINT_ADDRESS = 0,
	ENDPOINT_TYPE = 1,
	ENDPOINT_PACKET = 2,
	ENDPOINT_ADDRESS_BITS = USB_IN | 0xf,
	ENDPOINT_TYPE_BITS = 3,
	ENDPOINT_PACKET_BITS = 0x7ff,
	BULK_PACKET_MIN = 8,
	BULK_PACKET_MAX = 512,

	/* Functional descriptors: CDC 1.2, section 5.2.3, ECM 1.2, section 5.4. */
	FUNCTIONAL_UNION = 0x06,
	UNION_BYTES = 3,
	UNION_CONTROL = 1,
	UNION_DATA = 2,
	FUNCTIONAL_ETHERNET = 0x0f,
	ETHERNET_BYTES = 11,
	ETHERNET_MAC = 1,
	ETHERNET_SEGMENT = 6,
};

/* Where in the configuration we are: to which interface what comes next belongs. */
enum place { ELSEWHERE, IN_CONTROL, IN_DATA };

struct walk {
	struct cdc_ecm_layout *l;
	enum place place;
	bool has_control, has_union, has_ethernet, has_data;
};

static bool is_bulk_packet(uint16_t bytes)
{
	return bytes >= BULK_PACKET_MIN && bytes <= BULK_PACKET_MAX && (bytes & (bytes - 1)) == 0;
}

static void on_interface(struct walk *w, const uint8_t *b)
{
	struct cdc_ecm_layout *l = w->l;

	w->place = ELSEWHERE;
	if (!w->has_control && b[INTERFACE_CLASS] == USB_CLASS_COMMUNICATIONS &&
	    b[INTERFACE_SUBCLASS] == SUBCLASS_ETHERNET) {
		w->place = IN_CONTROL;
		w->has_control = true;
		l->control = b[INTERFACE_NUMBER];
	} else if (w->has_union && !w->has_data && b[INTERFACE_NUMBER] == l->data &&
		   b[INTERFACE_CLASS] == USB_CLASS_CDC_DATA) {
		w->place = IN_DATA;
		l->data_setting = b[INTERFACE_SETTING];
		l->in = l->out = 0;
	}
}

static void on_functional(struct walk *w, const uint8_t *b, size_t len)
{
	if (w->place != IN_CONTROL || len == 0)
		return;
	if (b[0] == FUNCTIONAL_UNION && len >= UNION_BYTES && b[UNION_CONTROL] == w->l->control) {
		w->has_union = true;
		w->l->data = b[UNION_DATA];
	} else if (b[0] == FUNCTIONAL_ETHERNET && len >= ETHERNET_BYTES) {
		w->has_ethernet = true;
		w->l->mac_string = b[ETHERNET_MAC];
		w->l->segment_bytes = load_le16(&b[ETHERNET_SEGMENT]);
	}
}

static void on_endpoint(struct walk *w, const uint8_t *b)
{
	struct cdc_ecm_layout *l = w->l;
	uint8_t address = b[ENDPOINT_ADDRESS] & ENDPOINT_ADDRESS_BITS;
	uint8_t type = b[ENDPOINT_TYPE] & ENDPOINT_TYPE_BITS;
	uint16_t bytes = load_le16(&b[ENDPOINT_PACKET]) & ENDPOINT_PACKET_BITS;
	bool in = (address & USB_IN) != 0;

	if ((address & ~USB_IN) == 0) /* the control endpoint cannot be meant */
		return;
	if (w->place == IN_CONTROL && type == USB_TYPE_INTERRUPT && in && bytes > 0 &&
	    bytes <= CACHE_LINE_BYTES) {
		l->notify = address;
		l->notify_bytes = bytes;
	} else if (w->place == IN_DATA && type == USB_TYPE_BULK && is_bulk_packet(bytes)) {
		*(in ? &l->in : &l->out) = address;
		*(in ? &l->in_bytes : &l->out_bytes) = bytes;
		w->has_data = l->in != 0 && l->out != 0;
	}
}

/* One descriptor, of which `len` bytes follow its length and type. */
static void on_descriptor(struct walk *w, uint8_t type, const uint8_t *b, size_t len)
{
	if (type == USB_DESCRIPTOR_INTERFACE && len >= INTERFACE_BYTES)
		on_interface(w, b);
	else if (type == USB_DESCRIPTOR_CLASS_INTERFACE)
		on_functional(w, b, len);
	else if (type == USB_DESCRIPTOR_ENDPOINT && len >= ENDPOINT_BYTES)
		on_endpoint(w, b);
}

enum err cdc_ecm_parse(struct cdc_ecm_layout *l, const uint8_t *bytes, size_t len)
{
	struct walk w = {.l = l};
	struct cursor c = cursor_over(bytes, len);

	*l = (struct cdc_ecm_layout){0};
	if (len < USB_CONFIGURATION_BYTES)
		return ERR_NODEV;
	l->configuration = bytes[USB_CONFIGURATION_VALUE];
	while (c.left > 0) {
		uint8_t length = cursor_u8(&c), type = cursor_u8(&c);
		const uint8_t *b;

		if (length < USB_HEADER_BYTES)
			break;
		b = cursor_bytes(&c, length - (size_t)USB_HEADER_BYTES);
		if (b == NULL)
			break;
		on_descriptor(&w, type, b, length - (size_t)USB_HEADER_BYTES);
	}
	return w.has_control && w.has_ethernet && w.has_data ? OK : ERR_NODEV;
}

static int hex_digit(uint16_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool cdc_ecm_mac(uint8_t mac[static 6], const uint8_t *text, size_t len)
{
	uint8_t read[6] = {0};

	if (len != 2 * 2 * sizeof(read))
		return false;
	for (size_t i = 0; i < 2 * sizeof(read); i++) {
		int digit = hex_digit(load_le16(text + 2 * i));

		if (digit < 0)
			return false;
		read[i / 2] = (uint8_t)(read[i / 2] << 4 | digit);
	}
	if (!usb_net_is_station(read))
		return false;
	memcpy(mac, read, sizeof(read));
	return true;
}
