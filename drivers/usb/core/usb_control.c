/* SPDX-License-Identifier: ISC */
/*
 * Pipes and control transfers: three stages, each a transfer of the controller's (section 8.5.3).
 */
#define LOG_MODULE "usb"

#include "arch/barrier.h"
#include "base/assert.h"
#include "base/bytes.h"
#include "base/log.h"
#include "drivers/usb/core/usb.h"
#include "drivers/usb/core/usb_spec.h"

enum { SETUP_BYTES = 8, TRIES = 3, STATUS_BYTES = 2, STRING_LANGUAGE = 2 };

/* --- pipes ----------------------------------------------------------------------------------- */

enum err usb_pipe_open(struct usb_hcd *hcd, struct usb_pipe *p)
{
	for (uint8_t i = 0; i < hcd->channels; i++) {
		if ((hcd->in_use & 1u << i) != 0)
			continue;
		hcd->in_use |= 1u << i;
		p->channel = i;
		p->busy = false;
		p->pid = USB_PID_DATA0;
		return OK;
	}
	return ERR_NOMEM;
}

void usb_pipe_close(struct usb_hcd *hcd, struct usb_pipe *p)
{
	if ((hcd->in_use & 1u << p->channel) == 0)
		return;
	if (p->busy)
		hcd->ops->cancel(hcd, p);
	p->busy = false;
	hcd->in_use &= ~(1u << p->channel);
}

void usb_pipe_begin(struct usb_hcd *hcd, struct usb_pipe *p, void *data, uint32_t bytes)
{
	assert(!p->busy && p->packet_bytes > 0);
	p->data = data;
	p->bytes = bytes;
	p->done = 0;
	p->busy = true;
	hcd->ops->begin(hcd, p);
}

enum err usb_pipe_poll(struct usb_hcd *hcd, struct usb_pipe *p)
{
	enum err e = hcd->ops->poll(hcd, p);

	if (e != ERR_AGAIN)
		p->busy = false;
	return e;
}

void usb_pipe_to(struct usb_pipe *p, const struct usb_device *d, uint8_t endpoint,
		 enum usb_type type, uint16_t packet_bytes)
{
	p->address = d->address;
	p->endpoint = endpoint;
	p->type = (uint8_t)type;
	p->speed = d->speed;
	p->tt_hub = d->tt_hub;
	p->tt_port = d->tt_port;
	p->packet_bytes = packet_bytes;
	p->ends_empty = false;
}

/* --- control transfers ----------------------------------------------------------------------- */

void usb_wait(const struct usb_bus *bus, uint32_t us)
{
	uint64_t end = timer_now_us(bus->hcd->timer) + us;

	while (timer_now_us(bus->hcd->timer) < end)
		cpu_relax();
}

static enum err stage(struct usb_bus *bus, enum usb_pid pid, bool in, uint8_t *data, uint16_t bytes,
		      uint64_t deadline_us)
{
	struct usb_hcd *hcd = bus->hcd;
	struct usb_pipe *p = &bus->control;
	enum err e;

	p->endpoint = in ? USB_IN : 0;
	p->pid = (uint8_t)pid;
	usb_pipe_begin(hcd, p, data, bytes);
	while ((e = usb_pipe_poll(hcd, p)) == ERR_AGAIN) {
		if (timer_now_us(hcd->timer) < deadline_us) {
			cpu_relax();
			continue;
		}
		hcd->ops->cancel(hcd, p);
		p->busy = false;
		return ERR_TIMEOUT;
	}
	return e;
}

/* One try: the request lies in bus->setup. */
static ssize_t transfer(struct usb_bus *bus, bool in, uint16_t bytes)
{
	uint64_t deadline_us = timer_now_us(bus->hcd->timer) + bus->patience_us;
	uint32_t done = 0;
	enum err e = stage(bus, USB_PID_SETUP, false, bus->setup, SETUP_BYTES, deadline_us);

	if (e == OK && bytes > 0) {
		e = stage(bus, USB_PID_DATA1, in, bus->data, bytes, deadline_us);
		done = bus->control.done;
	}
	/* The status goes the other way; without data it comes from the device. */
	if (e == OK)
		e = stage(bus, USB_PID_DATA1, !in || bytes == 0, bus->data, 0, deadline_us);
	return e == OK ? (ssize_t)done : (ssize_t)e;
}

ssize_t usb_control(struct usb_bus *bus, const struct usb_device *d, uint8_t type, uint8_t request,
		    uint16_t value, uint16_t index, uint16_t bytes)
{
	ssize_t n = ERR_IO;

	assert(bytes <= sizeof(bus->data));
	usb_pipe_to(&bus->control, d, 0, USB_TYPE_CONTROL, d->control_packet_bytes);
	bus->setup[0] = type;
	bus->setup[1] = request;
	store_le16(&bus->setup[2], value);
	store_le16(&bus->setup[4], index);
	store_le16(&bus->setup[6], bytes);
	for (unsigned i = 0; i < TRIES && n == ERR_IO; i++)
		n = transfer(bus, (type & USB_IN) != 0, bytes);
	return n;
}

enum err usb_command(struct usb_bus *bus, const struct usb_device *d, uint8_t type, uint8_t request,
		     uint16_t value, uint16_t index)
{
	ssize_t n = usb_control(bus, d, type, request, value, index, 0);

	return n < 0 ? (enum err)n : OK;
}

bool usb_is_alive(struct usb_bus *bus, const struct usb_device *d)
{
	ssize_t n = usb_control(bus, d, USB_IN | USB_TO_DEVICE, USB_GET_STATUS, 0, 0, STATUS_BYTES);

	return n >= 0 || n == ERR_REFUSED;
}

void usb_pipe_settle(struct usb_bus *bus, const struct usb_device *d, struct usb_pipe *p)
{
	uint8_t channel = bus->control.channel;

	if (!p->busy)
		return;
	p->busy = false;
	if (bus->hcd->ops->cancel(bus->hcd, p) != OK)
		return;
	bus->control.channel = p->channel;
	if (!usb_is_alive(bus, d))
		log_debug("device %u has left a transfer", d->address);
	bus->control.channel = channel;
}

/* --- descriptors ----------------------------------------------------------------------------- */

ssize_t usb_descriptor(struct usb_bus *bus, const struct usb_device *d, uint8_t type,
		       uint8_t number, uint16_t language, uint16_t bytes)
{
	ssize_t n = usb_control(bus, d, USB_IN | USB_TO_DEVICE, USB_GET_DESCRIPTOR,
				(uint16_t)(type << 8 | number), language, bytes);

	if (n >= 0 && (n < USB_HEADER_BYTES || bus->data[1] != type))
		return ERR_INVALID;
	return n;
}

ssize_t usb_configuration(struct usb_bus *bus, const struct usb_device *d, uint8_t i)
{
	ssize_t n =
		usb_descriptor(bus, d, USB_DESCRIPTOR_CONFIGURATION, i, 0, USB_CONFIGURATION_BYTES);
	uint16_t total;

	if (n < 0)
		return n;
	total = load_le16(&bus->data[USB_CONFIGURATION_TOTAL]);
	if (n < USB_CONFIGURATION_BYTES || total < USB_CONFIGURATION_BYTES)
		return ERR_INVALID;
	if (total > sizeof(bus->data))
		return ERR_RANGE;
	n = usb_descriptor(bus, d, USB_DESCRIPTOR_CONFIGURATION, i, 0, total);
	return n >= 0 && n < USB_CONFIGURATION_BYTES ? (ssize_t)ERR_INVALID : n;
}

ssize_t usb_string(struct usb_bus *bus, const struct usb_device *d, uint8_t i)
{
	ssize_t n = usb_descriptor(bus, d, USB_DESCRIPTOR_STRING, 0, 0, UINT8_MAX);
	uint16_t language;

	if (n < 0)
		return n;
	if (n < STRING_LANGUAGE + 2)
		return ERR_INVALID;
	language = load_le16(&bus->data[STRING_LANGUAGE]);
	n = usb_descriptor(bus, d, USB_DESCRIPTOR_STRING, i, language, UINT8_MAX);
	if (n < 0)
		return n;
	n = MIN(n, bus->data[0]);
	return MAX(n, USB_HEADER_BYTES) - USB_HEADER_BYTES;
}

enum err usb_clear_halt(struct usb_bus *bus, const struct usb_device *d, struct usb_pipe *p)
{
	p->pid = USB_PID_DATA0;
	return usb_command(bus, d, USB_TO_ENDPOINT, USB_CLEAR_FEATURE, USB_FEATURE_ENDPOINT_HALT,
			   p->endpoint);
}
