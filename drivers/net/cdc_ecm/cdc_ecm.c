/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "cdc-ecm"

#include "drivers/net/cdc_ecm/cdc_ecm.h"

#include "base/bytes.h"
#include "base/log.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	ETH_HEADER_BYTES = 14,
	MTU = 1500,
	MTU_MIN = 576,

	/* Requests and notifications: ECM 1.2, tables 6 and 11. */
	SET_PACKET_FILTER = 0x43,
	FILTER_ALL_MULTICAST = 1 << 1,
	FILTER_DIRECTED = 1 << 2,
	FILTER_BROADCAST = 1 << 3,
	NETWORK_CONNECTION = 0x00,
	NOTIFICATION_BYTES = 8,
};

/* Finds a configuration with the function: ERR_NODEV if none has it. */
static enum err find_layout(struct usb_bus *bus, const struct usb_device *d,
			    struct cdc_ecm_layout *l)
{
	for (uint8_t i = 0; i < d->n_configurations; i++) {
		ssize_t n = usb_configuration(bus, d, i);

		if (n == ERR_TIMEOUT || n == ERR_IO)
			return (enum err)n;
		if (n > 0 && cdc_ecm_parse(l, bus->data, (size_t)n) == OK)
			return OK;
	}
	return ERR_NODEV;
}

/* Lets frames flow: the data interface is off until then. */
static enum err configure(struct usb_bus *bus, const struct usb_device *d,
			  const struct cdc_ecm_layout *l)
{
	enum err e = usb_command(bus, d, USB_TO_DEVICE, USB_SET_CONFIGURATION, l->configuration, 0);

	if (e == OK)
		e = usb_command(bus, d, USB_TO_INTERFACE, USB_SET_INTERFACE, l->data_setting,
				l->data);
	if (e != OK)
		return e;
	/* Groups' frames too, IPv6 needs them. A device may do without filters, and then has all.
	 */
	e = usb_command(bus, d, USB_CLASS_TO_INTERFACE, SET_PACKET_FILTER,
			FILTER_ALL_MULTICAST | FILTER_DIRECTED | FILTER_BROADCAST, l->control);
	return e == ERR_REFUSED ? OK : e;
}

static void read_mac(struct usb_net *n, const struct usb_device *d, uint8_t string)
{
	ssize_t len = string == 0 ? 0 : usb_string(&n->bus, d, string);

	if (len <= 0 || !cdc_ecm_mac(n->nif.mac, &n->bus.data[USB_HEADER_BYTES], (size_t)len))
		log_warn("%s: the adapter has no address of its own", n->nif.name);
}

static enum err bind(struct usb_net *n, const struct usb_device *d)
{
	struct cdc_ecm_layout l;
	enum err e = find_layout(&n->bus, d, &l);

	if (e == OK)
		e = configure(&n->bus, d, &l);
	if (e != OK)
		return e;
	if (l.segment_bytes < ETH_HEADER_BYTES + MTU_MIN)
		return ERR_UNSUPPORTED;
	n->nif.mtu = (uint16_t)MIN(l.segment_bytes - ETH_HEADER_BYTES, MTU);
	read_mac(n, d, l.mac_string);
	usb_net_pipes(n, d, &l.in, &l.out, &l.notify);
	/* A frame ends with a packet that is not full (ECM 1.2, section 3.3.1). */
	n->out.ends_empty = true;
	return OK;
}

static void notified(struct usb_net *n, const uint8_t *bytes, uint32_t len)
{
	/* bmRequestType, bNotificationCode, wValue: 1 if connected. */
	if (len >= NOTIFICATION_BYTES && bytes[0] == (USB_IN | USB_CLASS_TO_INTERFACE) &&
	    bytes[1] == NETWORK_CONNECTION)
		usb_net_link(n, load_le16(&bytes[2]) != 0);
}

const struct usb_net_function cdc_ecm = {
	.name = "CDC-ECM",
	.bind = bind,
	.notified = notified,
};
