/* SPDX-License-Identifier: ISC */
/*
 * Finding the devices: the one at the controller's port, and those behind hubs (chapter 11). Each
 * hub is looked at once, in the order in which it was found, so that the depth needs no stack.
 */
#define LOG_MODULE "usb"

#include "base/bytes.h"
#include "base/log.h"
#include "drivers/usb/core/usb.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	MS = 1000, /* in microseconds */

	CONNECT_US = 200 * MS,   /* until something shows at a port that has power */
	DEBOUNCE_US = 100 * MS,  /* that a connection is to last (TATTDB, section 7.1.7.3) */
	RECOVERY_US = 10 * MS,   /* of a device after its reset (TRSTRCY, section 7.1.7.5) */
	SET_ADDRESS_US = 2 * MS, /* until it answers to the new one (section 9.2.6.3) */
	PORT_POLL_US = 10 * MS,  /* a hub's reset of a port takes 10 to 20 ms (section 11.5.1.5) */
	PORT_POLLS_MAX = 20,
	POWER_ON_UNIT_US = 2 * MS,
	FIRST_BYTES = 8, /* of the descriptor, which any device sends in one packet */
};

/* --- one device ------------------------------------------------------------------------------ */

/* Section 5.5.3: what the descriptor may say, by speed. */
static bool is_control_packet(uint8_t bytes, uint8_t speed)
{
	if (speed == USB_SPEED_HIGH)
		return bytes == 64;
	if (speed == USB_SPEED_LOW)
		return bytes == 8;
	return bytes == 8 || bytes == 16 || bytes == 32 || bytes == 64;
}

/* Reads of the descriptor what is needed before there is an address. */
static enum err read_control_packet(struct usb_bus *bus, struct usb_device *d)
{
	ssize_t n;

	/* More than the first packet only comes from one that can. */
	d->control_packet_bytes = d->speed == USB_SPEED_LOW ? 8 : 64;
	n = usb_descriptor(bus, d, USB_DESCRIPTOR_DEVICE, 0, 0, FIRST_BYTES);
	if (n < 0)
		return (enum err)n;
	if (n < FIRST_BYTES || !is_control_packet(bus->data[USB_DEVICE_CONTROL_PACKET], d->speed))
		return ERR_INVALID;
	d->control_packet_bytes = bus->data[USB_DEVICE_CONTROL_PACKET];
	return OK;
}

static enum err read_device(struct usb_bus *bus, struct usb_device *d)
{
	ssize_t n = usb_descriptor(bus, d, USB_DESCRIPTOR_DEVICE, 0, 0, USB_DEVICE_BYTES);

	if (n < 0)
		return (enum err)n;
	if (n < USB_DEVICE_BYTES)
		return ERR_INVALID;
	d->class = bus->data[USB_DEVICE_CLASS];
	d->vendor = load_le16(&bus->data[USB_DEVICE_VENDOR]);
	d->product = load_le16(&bus->data[USB_DEVICE_PRODUCT]);
	d->n_configurations = MIN(bus->data[USB_DEVICE_CONFIGURATIONS], USB_CONFIGURATIONS_MAX);
	return OK;
}

static enum err set_address(struct usb_bus *bus, struct usb_device *d, uint8_t address)
{
	enum err e = usb_command(bus, d, USB_TO_DEVICE, USB_SET_ADDRESS, address, 0);

	usb_wait(bus, SET_ADDRESS_US);
	d->address = address;
	return e;
}

/* Gives the device that was just reset an address and a place in the table. */
static enum err add_device(struct usb_bus *bus, const struct usb_device *found)
{
	struct usb_device *d = &bus->devices[bus->n_devices];
	enum err e;

	if (bus->n_devices == USB_DEVICES_MAX)
		return ERR_NOMEM;
	*d = *found;
	d->address = USB_ADDRESS_DEFAULT;
	usb_wait(bus, RECOVERY_US);
	e = read_control_packet(bus, d);
	if (e == OK)
		e = set_address(bus, d, (uint8_t)(bus->n_devices + 1));
	if (e == OK)
		e = read_device(bus, d);
	if (e != OK)
		return e;
	bus->n_devices++;
	log_debug("device %u: %04x:%04x, class %u, speed %u", d->address, d->vendor, d->product,
		  d->class, d->speed);
	return OK;
}

/* --- hubs ------------------------------------------------------------------------------------ */

static enum err set_port(struct usb_bus *bus, const struct usb_device *hub, uint8_t port,
			 uint16_t feature)
{
	return usb_command(bus, hub, USB_CLASS_TO_PORT, USB_SET_FEATURE, feature, port);
}

static enum err clear_port(struct usb_bus *bus, const struct usb_device *hub, uint8_t port,
			   uint16_t feature)
{
	return usb_command(bus, hub, USB_CLASS_TO_PORT, USB_CLEAR_FEATURE, feature, port);
}

/* The port's status, with what has changed in the upper half. */
static enum err port_status(struct usb_bus *bus, const struct usb_device *hub, uint8_t port,
			    uint32_t *status)
{
	ssize_t n = usb_control(bus, hub, USB_IN | USB_CLASS_TO_PORT, USB_GET_STATUS, 0, port,
				USB_PORT_STATUS_BYTES);

	if (n < 0)
		return (enum err)n;
	if (n < USB_PORT_STATUS_BYTES)
		return ERR_INVALID;
	*status = load_le32(bus->data);
	return OK;
}

/* Resets what is at the port; *status is that of the port afterwards. */
static enum err reset_port(struct usb_bus *bus, const struct usb_device *hub, uint8_t port,
			   uint32_t *status)
{
	enum err e = set_port(bus, hub, port, USB_PORT_RESET);

	for (unsigned i = 0; e == OK && i < PORT_POLLS_MAX; i++) {
		usb_wait(bus, PORT_POLL_US);
		e = port_status(bus, hub, port, status);
		if (e == OK && (*status & USB_PORT_DID_RESET) != 0) {
			if ((*status & USB_PORT_IS_ENABLED) == 0)
				return ERR_NODEV;
			return clear_port(bus, hub, port, USB_PORT_CHANGED_RESET);
		}
	}
	return e == OK ? ERR_TIMEOUT : e;
}

/* What is known of a device behind a hub before it was asked anything. */
static struct usb_device device_behind(const struct usb_device *hub, uint8_t port, uint32_t status)
{
	struct usb_device d = {
		.speed = USB_SPEED_FULL, .tt_hub = hub->tt_hub, .tt_port = hub->tt_port};

	if ((status & USB_PORT_IS_HIGH_SPEED) != 0)
		d.speed = USB_SPEED_HIGH;
	else if ((status & USB_PORT_IS_LOW_SPEED) != 0)
		d.speed = USB_SPEED_LOW;
	/* Below a high-speed hub that hub translates (section 11.14); below another, who does
	 * there. */
	if (hub->speed == USB_SPEED_HIGH && d.speed != USB_SPEED_HIGH) {
		d.tt_hub = hub->address;
		d.tt_port = port;
	}
	return d;
}

/* What has changed at the port is no news any more: the hub would tell of it for ever. */
static enum err clear_changes(struct usb_bus *bus, const struct usb_device *hub, uint8_t port,
			      uint32_t status)
{
	enum err e = OK;

	for (uint16_t f = USB_PORT_CHANGED_CONNECTION; e == OK && f <= USB_PORT_CHANGED_RESET;
	     f++) {
		if ((status >> f & 1) != 0)
			e = clear_port(bus, hub, port, f);
	}
	return e;
}

static void look_at_port(struct usb_bus *bus, const struct usb_device *hub, uint8_t port)
{
	struct usb_device d;
	uint32_t status = 0;
	enum err e = port_status(bus, hub, port, &status);

	if (e == OK)
		e = clear_changes(bus, hub, port, status);
	if (e == OK && (status & USB_PORT_IS_CONNECTED) == 0)
		return;
	if (e == OK)
		e = reset_port(bus, hub, port, &status);
	if (e == OK) {
		d = device_behind(hub, port, status);
		e = add_device(bus, &d);
	}
	if (e == OK)
		return;
	if (!bus->is_quiet)
		log_warn("the device at port %u of hub %u: %s", port, hub->address, err_str(e));
	/* It may still listen at address 0, which the next one is to have. */
	e = clear_port(bus, hub, port, USB_PORT_ENABLE);
	if (e != OK && !bus->is_quiet)
		log_warn("port %u of hub %u: %s", port, hub->address, err_str(e));
}

/* Configures the hub and reads how many ports it has. */
static enum err start_hub(struct usb_bus *bus, const struct usb_device *hub, uint8_t *ports,
			  uint32_t *power_on_us)
{
	ssize_t n = usb_configuration(bus, hub, 0);
	enum err e = n < 0 ? (enum err)n : OK;

	if (e == OK)
		e = usb_command(bus, hub, USB_TO_DEVICE, USB_SET_CONFIGURATION,
				bus->data[USB_CONFIGURATION_VALUE], 0);
	if (e != OK)
		return e;
	n = usb_control(bus, hub, USB_IN | USB_CLASS_TO_DEVICE, USB_GET_DESCRIPTOR,
			USB_DESCRIPTOR_HUB << 8, 0, USB_HUB_BYTES_MIN);
	if (n < USB_HUB_BYTES_MIN)
		return n < 0 ? (enum err)n : ERR_INVALID;
	*ports = MIN(bus->data[USB_HUB_PORTS], USB_HUB_PORTS_MAX);
	*power_on_us = bus->data[USB_HUB_POWER_ON] * (uint32_t)POWER_ON_UNIT_US;
	return OK;
}

static void look_behind(struct usb_bus *bus, const struct usb_device *hub)
{
	uint8_t ports = 0;
	uint32_t power_on_us = 0;
	enum err e = start_hub(bus, hub, &ports, &power_on_us);

	for (uint8_t port = 1; e == OK && port <= ports; port++)
		e = set_port(bus, hub, port, USB_PORT_POWER);
	if (e != OK) {
		log_warn("hub %u: %s", hub->address, err_str(e));
		return;
	}
	usb_wait(bus, power_on_us + DEBOUNCE_US);
	for (uint8_t port = 1; port <= ports && bus->n_devices < USB_DEVICES_MAX; port++)
		look_at_port(bus, hub, port);
}

bool usb_hub_watch(struct usb_bus *bus, const struct usb_device *hub, struct usb_pipe *p,
		   uint8_t *bytes)
{
	ssize_t n = usb_configuration(bus, hub, 0);
	struct cursor c = cursor_over(bus->data, n < 0 ? 0 : (size_t)n);
	struct usb_endpoint e;
	const uint8_t *at;
	uint8_t type;
	size_t left;

	while ((at = usb_next_descriptor(&c, &type, &left)) != NULL) {
		if (type != USB_DESCRIPTOR_ENDPOINT || !usb_endpoint_read(&e, at, left) ||
		    e.type != USB_TYPE_INTERRUPT || (e.address & USB_IN) == 0 ||
		    e.packet_bytes > CACHE_LINE_BYTES)
			continue;
		/* Asked like a bulk endpoint: the controller repeats the question by itself. */
		usb_pipe_to(p, hub, e.address, USB_TYPE_BULK, e.packet_bytes);
		if (usb_pipe_open(bus->hcd, p) != OK)
			return false;
		usb_pipe_begin(bus->hcd, p, bytes, e.packet_bytes);
		return true;
	}
	return false;
}

/* --- the bus --------------------------------------------------------------------------------- */

static bool wait_connected(struct usb_bus *bus)
{
	struct usb_hcd *hcd = bus->hcd;
	uint64_t end = timer_now_us(hcd->timer) + CONNECT_US;

	while (!hcd->ops->is_connected(hcd)) {
		if (timer_now_us(hcd->timer) >= end)
			return false;
	}
	usb_wait(bus, DEBOUNCE_US);
	return hcd->ops->is_connected(hcd);
}

enum err usb_bus_open(struct usb_bus *bus, struct usb_hcd *hcd)
{
	enum err e;

	*bus = (struct usb_bus){.hcd = hcd, .patience_us = USB_CONTROL_US};
	hcd->in_use = 0;
	e = hcd->ops->start(hcd);
	if (e != OK)
		hcd->ops->stop(hcd);
	return e;
}

enum err usb_bus_find(struct usb_bus *bus)
{
	struct usb_device first = {0};
	enum usb_speed speed = USB_SPEED_FULL;
	enum err e = usb_pipe_open(bus->hcd, &bus->control);

	if (e == OK)
		e = wait_connected(bus) ? bus->hcd->ops->reset_port(bus->hcd, &speed) : ERR_NODEV;
	first.speed = (uint8_t)speed;
	if (e == OK)
		e = add_device(bus, &first);
	if (e != OK)
		return e;
	/* The table grows meanwhile. */
	for (unsigned i = 0; i < bus->n_devices; i++) {
		if (bus->devices[i].class == USB_CLASS_HUB)
			look_behind(bus, &bus->devices[i]);
	}
	return OK;
}

void usb_bus_stop(struct usb_bus *bus)
{
	bus->hcd->ops->stop(bus->hcd);
	bus->hcd->in_use = 0;
}
