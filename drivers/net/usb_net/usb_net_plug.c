/* SPDX-License-Identifier: ISC */
/*
 * Adapters that come and go while the system runs.
 */
#define LOG_MODULE "usb-net"

#include "base/log.h"
#include "drivers/net/usb_net/usb_net_internal.h"

/* The controller tells of its own port; hubs tell of theirs by an endpoint each. */
void usb_net_watch(struct usb_net *n)
{
	n->waits = USB_NET_WATCHES;
	n->n_hubs = 0;
	for (unsigned i = 0; i < n->bus.n_devices && n->n_hubs < USB_NET_HUBS_MAX; i++) {
		const struct usb_device *d = &n->bus.devices[i];

		if (d->class == USB_CLASS_HUB &&
		    usb_hub_watch(&n->bus, d, &n->hubs[n->n_hubs], n->hub_bytes[n->n_hubs]))
			n->hub_devices[n->n_hubs++] = d;
	}
}

void usb_net_watch_no_more(struct usb_net *n)
{
	for (unsigned i = 0; i < n->n_hubs; i++)
		usb_pipe_settle(&n->bus, n->hub_devices[i], &n->hubs[i]);
	n->n_hubs = 0;
	usb_bus_stop(&n->bus);
	n->waits = USB_NET_OFF;
}

static bool hub_tells(struct usb_net *n, struct usb_pipe *p)
{
	enum err e;

	if (!p->busy)
		return false;
	e = usb_pipe_poll(n->hcd, p);
	/* One that fails is asked no more: whatever it was told of when it came back. */
	if (e != OK && e != ERR_AGAIN)
		usb_pipe_close(n->hcd, p);
	return e == OK;
}

static bool is_something_new(struct usb_net *n)
{
	bool is_new = n->hcd->has_new && n->hcd->ops->is_connected(n->hcd);

	n->hcd->has_new = false;
	for (unsigned i = 0; i < n->n_hubs; i++)
		is_new |= hub_tells(n, &n->hubs[i]);
	return is_new;
}

/* Something that comes and goes all the time may not keep the loop waiting for ever. */
static void wait_for_more(struct usb_net *n)
{
	if (n->looks++ < USB_NET_LOOKS_MAX) {
		usb_net_watch(n);
		return;
	}
	log_error("%s: no adapter is looked for any more", n->nif.name);
	usb_bus_stop(&n->bus);
}

void usb_net_look(struct usb_net *n)
{
	bool may_run = n->waits != USB_NET_RESTS, was_given_up = n->waits != USB_NET_WATCHES;
	enum err e;

	if (n->waits == USB_NET_WATCHES && !is_something_new(n))
		return;
	if (n->waits == USB_NET_WATCHES)
		usb_net_watch_no_more(n);
	n->waits = USB_NET_OFF;
	e = usb_bus_open(&n->bus, n->hcd);
	if (e != OK) {
		log_error("%s: the USB does not work: %s", n->nif.name, err_str(e));
		return;
	}
	/* The line about what does not work has been written. */
	n->bus.is_quiet = was_given_up;
	e = usb_bus_find(&n->bus);
	if (e == OK && may_run)
		e = usb_net_go(n);
	if (!n->running) {
		wait_for_more(n);
		return;
	}
	log_info("%s: there is an adapter%s", n->nif.name, n->nif.link_up ? ": link up" : "");
}
