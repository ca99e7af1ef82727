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
	FILTER_NONE = 1 << 0, /* it is to take everything */
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

	return e == OK ? usb_command(bus, d, USB_TO_INTERFACE, USB_SET_INTERFACE, l->data_setting,
				     l->data)
		       : e;
}

/* Groups' frames too, IPv6 needs them. A device may do without filters, and then has all. */
static enum err set_filter(struct usb_bus *bus, const struct usb_device *d,
			   const struct cdc_ecm_layout *l, bool is_its_mac)
{
	uint16_t which = FILTER_ALL_MULTICAST | FILTER_DIRECTED | FILTER_BROADCAST;
	enum err e = usb_command(bus, d, USB_CLASS_TO_INTERFACE, SET_PACKET_FILTER,
				 is_its_mac ? which : which | FILTER_NONE, l->control);

	return e == ERR_REFUSED ? OK : e;
}

/* Whether the interface has the adapter's own address; else it needs frames to another. */
static bool read_mac(struct usb_net *n, const struct usb_device *d, uint8_t string)
{
	ssize_t len = string == 0 ? 0 : usb_string(&n->bus, d, string);
	uint8_t mac[6];

	if (len > 0 && cdc_ecm_mac(mac, &n->bus.data[USB_HEADER_BYTES], (size_t)len))
		return usb_net_mac(n, mac);
	log_warn("%s: the adapter has no address of its own", n->nif.name);
	return false;
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
	e = set_filter(&n->bus, d, &l, read_mac(n, d, l.mac_string));
	if (e != OK)
		return e;
	usb_net_pipes(n, d, &l.in, &l.out, &l.notify);
	/* A frame ends with a packet that is not full (ECM 1.2, section 3.3.1). */
	n->out.ends_empty = true;
	return OK;
}

/* bmRequestType, bNotificationCode, wValue: 1 if connected. */
static bool notified(struct usb_net *n, const uint8_t *bytes, uint32_t len)
{
	if (len < NOTIFICATION_BYTES || bytes[0] != (USB_IN | USB_CLASS_TO_INTERFACE))
		return false;
	if (bytes[1] == NETWORK_CONNECTION)
		usb_net_link(n, load_le16(&bytes[2]) != 0);
	return true;
}

const struct usb_net_function cdc_ecm = {
	.name = "CDC-ECM",
	.bind = bind,
	.notified = notified,
};
