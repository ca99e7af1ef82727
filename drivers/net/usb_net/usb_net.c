/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "usb-net"

#include "drivers/net/usb_net/usb_net.h"

#include <string.h>

#include "base/log.h"
#include "drivers/net/usb_net/usb_net_internal.h"

enum {
	/* The loop waits meanwhile; an adapter that lives answers within a millisecond or two. */
	ALIVE_US = 50000,
};

bool usb_net_is_station(const uint8_t mac[static 6])
{
	static const uint8_t none[6];

	return (mac[0] & 1) == 0 && memcmp(mac, none, sizeof(none)) != 0;
}

void usb_net_link(struct usb_net *n, bool up)
{
	if (up != n->nif.link_up)
		log_info("%s: link %s", n->nif.name, up ? "up" : "down");
	n->nif.link_up = up;
}

/* --- taking down ----------------------------------------------------------------------------- */

static void free_all(struct usb_net *n)
{
	if (n->rx != NULL)
		pkt_put(n->rx);
	n->rx = NULL;
	for (; n->tx_count > 0; n->tx_count--) {
		pkt_put(n->tx[n->tx_first]);
		n->tx_first = (n->tx_first + 1) % USB_NET_TX_QUEUE;
	}
}

/* Ends all transfers and stops the bus; afterwards packets can be given back. */
static void take_down(struct usb_net *n)
{
	n->running = false;
	n->nif.link_up = false;
	usb_bus_stop(&n->bus);
	free_all(n);
}

void usb_net_give_up(struct usb_net *n, const char *why, enum usb_net_waits next)
{
	log_error("%s: given up: the adapter %s", n->nif.name, why);
	take_down(n);
	n->waits = (uint8_t)next;
	/* Whoever waits for frames or for room looks again. */
	waker_wake(&n->nif.rx);
	waker_wake(&n->nif.tx);
}

/* --- faults ---------------------------------------------------------------------------------- */

/* A transfer of `p` has failed with `e`. True: another can be begun. */
bool usb_net_recover(struct usb_net *n, struct usb_pipe *p, enum err e)
{
	if (!n->hcd->is_connected) {
		usb_net_give_up(n, "was unplugged", USB_NET_LOOKS);
		return false;
	}
	if (n->faults++ >= USB_NET_FAULTS_MAX) {
		usb_net_give_up(n,
				e == ERR_RANGE ? "sends more than it is asked for"
					       : "fails all the time",
				USB_NET_RESTS);
		return false;
	}
	if (e == ERR_REFUSED && usb_clear_halt(&n->bus, n->device, p) == OK)
		return true;
	if (e == ERR_RANGE || usb_is_alive(&n->bus, n->device))
		return true;
	usb_net_give_up(n, "does not answer: unplugged?", USB_NET_LOOKS);
	return false;
}

/* --- bringing up ----------------------------------------------------------------------------- */

/* Binds the first device that one of the functions is for. */
static enum err find(struct usb_net *n)
{
	for (unsigned i = 0; i < n->bus.n_devices; i++) {
		for (unsigned f = 0; n->functions[f] != NULL; f++) {
			enum err e;

			n->device = &n->bus.devices[i];
			n->function = n->functions[f];
			e = n->function->bind(n, n->device);
			if (e != ERR_NODEV)
				return e;
		}
	}
	return ERR_NODEV;
}

static enum err open_pipes(struct usb_net *n)
{
	enum err e = usb_pipe_open(n->hcd, &n->in);

	if (e == OK)
		e = usb_pipe_open(n->hcd, &n->out);
	n->notifies = e == OK && n->notify.packet_bytes > 0 &&
		      usb_pipe_open(n->hcd, &n->notify) == OK;
	return e;
}

bool usb_net_mac(struct usb_net *n, const uint8_t mac[static 6])
{
	if (!n->has_mac)
		memcpy(n->nif.mac, mac, sizeof(n->nif.mac));
	return memcmp(n->nif.mac, mac, sizeof(n->nif.mac)) == 0;
}

enum err usb_net_board_mac(struct usb_net *n)
{
	if (n->has_mac)
		return OK;
	if (n->fallback_mac == NULL || n->fallback_mac(n->nif.mac) != OK ||
	    !usb_net_is_station(n->nif.mac))
		return ERR_NOTFOUND;
	return OK;
}

void usb_net_pipes(struct usb_net *n, const struct usb_device *d, const struct usb_endpoint *in,
		   const struct usb_endpoint *out, const struct usb_endpoint *notify)
{
	usb_pipe_to(&n->in, d, in->address, USB_TYPE_BULK, in->packet_bytes);
	usb_pipe_to(&n->out, d, out->address, USB_TYPE_BULK, out->packet_bytes);
	/*
	 * Asked like a bulk endpoint, which on the wire is the same: the controller then repeats
	 * the question by itself as long as there is no answer, and needs neither a timer nor an
	 * interrupt each time. What that takes of the bus is idle, or shared with frames in turn.
	 */
	if (notify->address != 0)
		usb_pipe_to(&n->notify, d, notify->address, USB_TYPE_BULK, notify->packet_bytes);
}

static const char *speed_name(const struct usb_device *d)
{
	static const char *const names[] = {"480", "12", "1.5"};

	return names[d->speed];
}

enum err usb_net_go(struct usb_net *n)
{
	enum err e;

	if (!n->has_mac)
		memset(n->nif.mac, 0, sizeof(n->nif.mac));
	n->notify = (struct usb_pipe){0};
	e = find(n);
	if (e == OK && !usb_net_is_station(n->nif.mac))
		e = usb_net_board_mac(n);
	if (e == OK)
		e = open_pipes(n);
	if (e != OK)
		return e;
	n->rx = pkt_alloc(n->rx_pool, 0);
	if (n->rx == NULL)
		return ERR_NOMEM;
	n->bus.patience_us = ALIVE_US;
	n->faults = 0;
	n->tx_blocked = false;
	n->running = true;
	usb_net_rx_begin(n);
	if (n->notifies)
		usb_net_notify_begin(n);
	n->waits = USB_NET_OFF;
	n->has_mac = true;
	n->looks = 0;
	n->nif.link_up = !n->function->knows_link;
	log_debug("%s: %s adapter %04x:%04x at %s Mb/s", n->nif.name, n->function->name,
		  n->device->vendor, n->device->product, speed_name(n->device));
	return OK;
}

/* Without an adapter the interface begins all the same, if there is an address for it. */
static enum err begin_without(struct usb_net *n, enum err why)
{
	enum { MTU = 1500 };

	if (usb_net_board_mac(n) != OK) {
		log_error("%s: no USB network adapter that works: %s", n->nif.name, err_str(why));
		take_down(n);
		return why;
	}
	log_warn("%s: no USB network adapter that works: %s; waiting for one", n->nif.name,
		 err_str(why));
	n->has_mac = true;
	n->nif.mtu = MTU;
	usb_net_watch(n);
	return OK;
}

static enum err start(struct netif *nif)
{
	struct usb_net *n = usb_net_of(nif);
	enum err e;

	assert(!n->running);
	n->hcd->waker = nif->rx;
	n->waits = USB_NET_OFF;
	n->has_mac = false;
	n->looks = n->n_hubs = 0;
	e = usb_bus_open(&n->bus, n->hcd);
	if (e != OK) {
		log_error("%s: the USB does not work: %s", nif->name, err_str(e));
		return e;
	}
	e = usb_bus_find(&n->bus);
	if (e == OK)
		e = usb_net_go(n);
	return e == OK ? OK : begin_without(n, e);
}

static void stop(struct netif *nif)
{
	struct usb_net *n = usb_net_of(nif);

	if (n->running) {
		usb_pipe_settle(&n->bus, n->device, &n->in);
		usb_pipe_settle(&n->bus, n->device, &n->out);
		if (n->notifies)
			usb_pipe_settle(&n->bus, n->device, &n->notify);
		take_down(n);
	} else if (n->waits == USB_NET_WATCHES) {
		usb_net_watch_no_more(n);
	}
	n->waits = USB_NET_OFF;
}

static const struct netif_ops usb_net_ops = {
	.start = start,
	.stop = stop,
	.send = usb_net_send,
	.flush = usb_net_flush,
	.recv = usb_net_recv,
	.rx_arm = usb_net_rx_arm,
};

struct netif *usb_net_init(struct usb_net *n, struct usb_hcd *hcd,
			   const struct usb_net_function *const *functions,
			   enum err (*fallback_mac)(uint8_t mac[static 6]), struct pkt_pool *rx,
			   const char *name)
{
	assert(rx->buf_bytes >= USB_NET_RX_BYTES);
	memset(n, 0, sizeof(*n));
	n->nif = (struct netif){.ops = &usb_net_ops, .name = name, .features = NETIF_SG};
	n->hcd = hcd;
	n->functions = functions;
	n->fallback_mac = fallback_mac;
	n->rx_pool = rx;
	return &n->nif;
}
