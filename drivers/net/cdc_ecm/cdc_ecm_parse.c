/* SPDX-License-Identifier: ISC */
/*
 * What a configuration says, byte by byte: it is the device's word. No I/O.
 */
#include "base/cursor.h"
#include "base/text.h"
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
		l->in = l->out = (struct usb_endpoint){0};
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

static void on_endpoint(struct walk *w, const struct usb_endpoint *e)
{
	struct cdc_ecm_layout *l = w->l;
	bool in = (e->address & USB_IN) != 0;

	if (w->place == IN_CONTROL && e->type == USB_TYPE_INTERRUPT && in) {
		l->notify = *e;
	} else if (w->place == IN_DATA && e->type == USB_TYPE_BULK) {
		*(in ? &l->in : &l->out) = *e;
		w->has_data = l->in.address != 0 && l->out.address != 0;
	}
}

/* One descriptor, of which `len` bytes follow its length and type. */
static void on_descriptor(struct walk *w, uint8_t type, const uint8_t *b, size_t len)
{
	struct usb_endpoint e;

	if (type == USB_DESCRIPTOR_INTERFACE && len >= INTERFACE_BYTES)
		on_interface(w, b);
	else if (type == USB_DESCRIPTOR_CLASS_INTERFACE)
		on_functional(w, b, len);
	else if (type == USB_DESCRIPTOR_ENDPOINT && usb_endpoint_read(&e, b, len))
		on_endpoint(w, &e);
}

enum err cdc_ecm_parse(struct cdc_ecm_layout *l, const uint8_t *bytes, size_t len)
{
	struct walk w = {.l = l};
	struct cursor c = cursor_over(bytes, len);
	const uint8_t *b;
	uint8_t type;
	size_t length;

	*l = (struct cdc_ecm_layout){0};
	if (len < USB_CONFIGURATION_BYTES)
		return ERR_NODEV;
	l->configuration = bytes[USB_CONFIGURATION_VALUE];
	while ((b = usb_next_descriptor(&c, &type, &length)) != NULL)
		on_descriptor(&w, type, b, length);
	return w.has_control && w.has_ethernet && w.has_data ? OK : ERR_NODEV;
}

bool cdc_ecm_mac(uint8_t mac[static 6], const uint8_t *text, size_t len)
{
	uint8_t read[6] = {0};

	if (len != 2 * 2 * sizeof(read))
		return false;
	for (size_t i = 0; i < 2 * sizeof(read); i++) {
		uint16_t c = load_le16(text + 2 * i); /* UTF-16 */
		int digit = c < 0x80 ? text_hex_value((char)c) : -1;

		if (digit < 0)
			return false;
		read[i / 2] = (uint8_t)(read[i / 2] << 4 | digit);
	}
	if (!usb_net_is_station(read))
		return false;
	memcpy(mac, read, sizeof(read));
	return true;
}
