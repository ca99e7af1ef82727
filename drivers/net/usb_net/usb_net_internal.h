/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: usb_net.c (life of the adapter) and usb_net_data.c (frames).
 */
#ifndef DRIVERS_NET_USB_NET_USB_NET_INTERNAL_H
#define DRIVERS_NET_USB_NET_USB_NET_INTERNAL_H

#include "drivers/net/usb_net/usb_net.h"
#include "drivers/usb/core/usb_spec.h"

static inline struct usb_net *usb_net_of(struct netif *nif)
{
	return container_of(nif, struct usb_net, nif);
}

/* What happens next to one that does not run. */
enum usb_net_waits {
	USB_NET_OFF,     /* nothing */
	USB_NET_WATCHES, /* for something to be plugged in */
	USB_NET_LOOKS,   /* it looks whether the adapter is there again */
	USB_NET_RESTS,   /* the same, but what is there now does not work */
};

/* Says why in the log, stops the bus and frees all packets. */
void usb_net_give_up(struct usb_net *n, const char *why, enum usb_net_waits next);

/* usb_net_plug.c: watches for something new, or looks for an adapter, as n->waits says. */
void usb_net_watch(struct usb_net *n);
void usb_net_watch_no_more(struct usb_net *n);
void usb_net_look(struct usb_net *n);

/* Makes the first adapter run that is on the bus. */
MUST_USE enum err usb_net_go(struct usb_net *n);

/* After a transfer of `p` failed with `e`: true if another may be begun, else it was given up. */
MUST_USE bool usb_net_recover(struct usb_net *n, struct usb_pipe *p, enum err e);

/* Begin to receive, into n->rx, and to wait for a notification. */
void usb_net_rx_begin(struct usb_net *n);
void usb_net_notify_begin(struct usb_net *n);

enum err usb_net_send(struct netif *nif, struct pkt *p);
void usb_net_flush(struct netif *nif);
struct pkt *usb_net_recv(struct netif *nif);
bool usb_net_rx_arm(struct netif *nif);

#endif
